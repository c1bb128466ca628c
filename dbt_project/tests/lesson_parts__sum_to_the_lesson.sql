-- A lesson that is split must be given out whole, to the minute; one that says what it serves never beyond itself.
with part as (
    select
        school_year,
        student_key,
        lesson_id,
        sum(minutes) as part_minutes
    from {{ ref('student_lesson_part') }}
    group by school_year, student_key, lesson_id
)

select
    part.school_year,
    part.student_key,
    part.lesson_id
from part
inner join {{ ref('lesson_fact') }} as lesson on part.lesson_id = lesson.lesson_id
where
    part.part_minutes > lesson.minutes
    or (part.part_minutes < lesson.minutes and not lesson.is_declared)
