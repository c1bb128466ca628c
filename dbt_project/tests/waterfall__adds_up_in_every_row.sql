-- A row here means the waterfall no longer is an identity: some minutes were counted twice or lost between steps.
-- Look first at student_subject_period (sources of each kind) and at what absence took.
select *
from {{ ref('student_subject_coverage') }}
where
    offered_minutes <> scheduled_minutes - outside_membership_minutes - cancelled_minutes - diverted_minutes
    + made_up_minutes - remaining_minutes
    or attended_minutes <> offered_minutes - absent_undocumented_minutes - absent_documented_minutes
    - absent_rights_minutes - absent_deducted_minutes
