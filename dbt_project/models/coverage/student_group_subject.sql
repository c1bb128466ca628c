-- Grain: student × school year × group × subject. Meaning: the groups, past and coming, in which the student is
-- taught a subject that is due.
select distinct -- a group may have been left and joined again
    span.school_year,
    span.student_key,
    span.student_no,
    span.group_id,
    due.subject_code,
    due.curriculum_minutes
from {{ ref('membership_span') }} as span
inner join {{ ref('stg_teaching_group_subject') }} as group_subject on span.group_id = group_subject.group_id
inner join {{ ref('student_subject') }} as due
    on
        span.student_no = due.student_no
        and group_subject.subject_code = due.subject_code
