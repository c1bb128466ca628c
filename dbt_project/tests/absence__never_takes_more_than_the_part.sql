-- Absence takes from what the student was offered in a lesson, and never more than is left of it.
with taken as (
    select
        school_year,
        student_key,
        lesson_id,
        subject_code,
        sum(minutes) as minutes
    from {{ ref('absence_taken') }}
    group by school_year, student_key, lesson_id, subject_code
)

select taken.*
from taken
left join {{ ref('student_lesson_part') }} as part
    on
        taken.school_year = part.school_year
        and taken.student_key = part.student_key
        and taken.lesson_id = part.lesson_id
        and taken.subject_code = part.subject_code
where taken.minutes > coalesce(part.minutes, 0)
