-- Grain: one decision of an entitled enrolment. Meaning: what was decided for the student, and whether it
-- holds on the as-of date.
select
    enrolment.school_year,
    student.county_number,
    student.school_id,
    enrolment.student_key,
    decision.decision_id,
    decision.subject_code,
    decision.kind,
    cast({{ minutes_of_hours('decision.hours') }} as integer) as decided_minutes,
    decision.valid_from,
    decision.valid_to,
    decision.decided_on,
    {{ as_of() }} between decision.valid_from and {{ open_end('decision.valid_to') }} as is_in_force
from {{ ref('stg_decision') }} as decision
inner join {{ ref('entitled_enrolment') }} as enrolment on decision.enrolment_id = enrolment.enrolment_id
inner join {{ ref('student_year') }} as student
    on enrolment.school_year = student.school_year and enrolment.student_key = student.student_key
