-- Grain: as landing.group_membership. A student's membership of a group, both days included.
select
    enrolment_id,
    group_id,
    start_date,
    end_date,
    batch_id
from {{ source('landing', 'group_membership') }}
