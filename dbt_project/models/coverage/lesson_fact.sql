-- Grain: one lesson. Meaning: its local date, whole minutes, and what the as-of date makes of it.
-- A lesson led as supervised or self-study is treated as cancelled, whatever its status.
with lesson as (
    select
        lesson_id,
        school_id,
        starts_at,
        ends_at,
        {{ local_date('starts_at') }} as lesson_date,
        {{ minutes_between('starts_at', 'ends_at') }} as minutes,
        status,
        cover,
        replaces_lesson_id,
        subject_code,
        cause,
        status = 'cancelled' or coalesce(cover in ('supervised', 'self_study'), false) as is_cancelled
    from {{ ref('stg_lesson') }}
),

declared as (
    select distinct lesson_id -- one flag per lesson with shares
    from {{ ref('stg_lesson_subject') }}
)

select
    lesson.lesson_id,
    lesson.school_id,
    lesson.starts_at,
    lesson.ends_at,
    lesson.lesson_date,
    lesson.minutes,
    lesson.status,
    lesson.cover,
    lesson.replaces_lesson_id,
    lesson.subject_code,
    lesson.cause,
    {{ half_year('lesson.lesson_date') }} as period,
    lesson.replaces_lesson_id is null as is_ordinary,
    lesson.is_cancelled,
    lesson.lesson_date > {{ as_of() }} as is_ahead,
    lesson.status = 'timetabled' and not lesson.is_cancelled and lesson.lesson_date <= {{ as_of() }} as is_assumed,
    coalesce(lesson.cover = 'substitute', false) and not lesson.is_cancelled
    and lesson.lesson_date <= {{ as_of() }} as is_substitute,
    declared.lesson_id is not null as is_declared
from lesson
left join declared on lesson.lesson_id = declared.lesson_id
