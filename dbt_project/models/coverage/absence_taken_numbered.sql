-- Grain: student × lesson × subject × code × stage. Meaning: minutes of absence taken from lessons the student was
-- offered, by the numbers of this build; `!` is diverted, the school had the student elsewhere.
with shared_out as (
    select
        student_no,
        lesson_no,
        subject_code,
        absence_code,
        'lesson' as stage,
        minutes
    from {{ ref('absence_taken_on_lesson') }}
    union all
    select
        student_no,
        lesson_no,
        subject_code,
        absence_code,
        'date' as stage,
        minutes
    from {{ ref('absence_taken_by_date') }}
),

summed as (
    select
        student_no,
        lesson_no,
        subject_code,
        absence_code,
        stage,
        cast(sum(minutes) as bigint) as minutes
    from shared_out
    group by student_no, lesson_no, subject_code, absence_code, stage
)

select
    student_no,
    lesson_no,
    subject_code,
    absence_code,
    'lesson' as stage,
    lesson_date,
    period,
    is_substitute,
    is_assumed,
    minutes
from {{ ref('absence_taken_alone') }}
union all
select
    summed.student_no,
    summed.lesson_no,
    summed.subject_code,
    summed.absence_code,
    summed.stage,
    lesson.lesson_date,
    lesson.period,
    lesson.is_substitute,
    lesson.is_assumed,
    summed.minutes
from summed
inner join {{ ref('lesson_fact') }} as lesson on summed.lesson_no = lesson.lesson_no
