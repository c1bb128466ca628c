-- Absence takes from what the student was offered in a lesson, and never more than is left of it: of a lesson that must
-- be shared out never more than the part, of any other never more than the lesson.
with taken as (
    select
        student_no,
        lesson_no,
        subject_code,
        sum(minutes) as minutes
    from {{ ref('absence_taken_numbered') }}
    group by student_no, lesson_no, subject_code
)

select taken.*
from taken
inner join {{ ref('lesson_fact') }} as lesson on taken.lesson_no = lesson.lesson_no
left join {{ ref('absence_lesson_part') }} as part
    on
        taken.student_no = part.student_no
        and taken.lesson_no = part.lesson_no
        and taken.subject_code = part.subject_code
where taken.minutes > coalesce(part.minutes, lesson.minutes) or lesson.is_cancelled or lesson.is_ahead
