-- Grain: student × school year × lesson × subject × code × stage. Meaning: minutes of absence taken from lessons the
-- student was offered; `!` is diverted, the school had the student elsewhere.
with taken as (
    select
        school_year,
        student_key,
        lesson_id,
        subject_code,
        absence_code,
        minutes,
        'lesson' as stage
    from {{ ref('absence_taken_on_lesson') }}
    union all
    select
        school_year,
        student_key,
        lesson_id,
        subject_code,
        absence_code,
        minutes,
        'date' as stage
    from {{ ref('absence_taken_by_date') }}
)

select
    taken.school_year,
    taken.student_key,
    taken.lesson_id,
    taken.subject_code,
    taken.absence_code,
    taken.stage,
    any_value(lesson.lesson_date) as lesson_date,
    any_value(lesson.period) as period,
    any_value(lesson.is_substitute) as is_substitute,
    any_value(lesson.is_assumed) as is_assumed,
    cast(sum(taken.minutes) as bigint) as minutes
from taken
inner join {{ ref('lesson_fact') }} as lesson on taken.lesson_id = lesson.lesson_id
group by
    taken.school_year, taken.student_key, taken.lesson_id, taken.subject_code, taken.absence_code, taken.stage
