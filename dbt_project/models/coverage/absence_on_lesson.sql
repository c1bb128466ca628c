-- Grain: absence × lesson it may take from, before membership is known. Meaning: the minutes registered on the
-- lesson itself (its minutes, else the overlap of its period, else the whole lesson), or on the lessons of
-- its group that its period overlaps; those by date carry no minutes of their own yet.
with given_lesson as (
    select
        lesson_id,
        lesson_date,
        starts_at,
        ends_at,
        minutes
    from {{ ref('lesson_fact') }}
    where not is_cancelled and not is_ahead
),

by_lesson as (
    select
        absence.absence_id,
        lesson.lesson_id,
        coalesce(
            absence.minutes,
            {{ overlap_minutes('absence.starts_at', 'absence.ends_at', 'lesson.starts_at', 'lesson.ends_at') }},
            lesson.minutes
        ) as registered_minutes
    from {{ ref('absence_registration') }} as absence
    inner join given_lesson as lesson on absence.lesson_id = lesson.lesson_id
    where absence.matched_by = 'lesson'
),

by_period as (
    select
        absence.absence_id,
        lesson.lesson_id,
        {{ overlap_minutes('absence.starts_at', 'absence.ends_at', 'lesson.starts_at', 'lesson.ends_at') }}
            as registered_minutes
    from {{ ref('absence_registration') }} as absence
    inner join {{ ref('stg_lesson_group') }} as lesson_group on absence.group_id = lesson_group.group_id
    inner join given_lesson as lesson
        on
            lesson_group.lesson_id = lesson.lesson_id
            and lesson.starts_at < absence.ends_at
            and lesson.ends_at > absence.starts_at
    where absence.matched_by = 'period'
),

by_date as (
    select
        absence.absence_id,
        lesson.lesson_id,
        cast(null as bigint) as registered_minutes
    from {{ ref('absence_registration') }} as absence
    inner join {{ ref('stg_lesson_group') }} as lesson_group on absence.group_id = lesson_group.group_id
    inner join given_lesson as lesson
        on lesson_group.lesson_id = lesson.lesson_id and absence.absence_date = lesson.lesson_date
    where absence.matched_by = 'date'
)

select * from by_lesson
union all
select * from by_period
union all
select * from by_date
