-- Grain: school × date. Meaning: the school's ordinary lessons of the day up to the as-of date, those of them
-- cancelled, the replacements held, and what kind of day the school calendar says it is. A lesson counts once,
-- however many groups it serves.
with day as (
    select
        school_id,
        lesson_date,
        sum(minutes) filter (where is_ordinary) as scheduled,
        sum(minutes) filter (where is_ordinary and is_cancelled) as lost,
        sum(minutes) filter (where not is_ordinary and not is_cancelled) as made_up
    from {{ ref('lesson_fact') }}
    where not is_ahead
    group by school_id, lesson_date
),

-- What a school says of a day goes before what its county says of it.
calendar as (
    select
        school.school_id,
        school_day.date as lesson_date,
        school_day.kind
    from {{ ref('stg_school_day') }} as school_day
    inner join {{ ref('school_now') }} as school
        on school_day.county_number = school.county_number and school_day.school_id in (school.school_id, '*')
    qualify row_number() over (
        partition by school.school_id, school_day.date
        order by school_day.school_id = '*', school_day.kind
    ) = 1
)

select
    {{ school_year_of('day.lesson_date') }} as school_year,
    school.county_number,
    day.school_id,
    day.lesson_date,
    calendar.kind as day_kind,
    cast(coalesce(day.scheduled, 0) as integer) as scheduled_minutes,
    cast(coalesce(day.lost, 0) as integer) as lost_minutes,
    cast(coalesce(day.made_up, 0) as integer) as made_up_minutes
from day
inner join {{ ref('school_now') }} as school on day.school_id = school.school_id
left join calendar on day.school_id = calendar.school_id and day.lesson_date = calendar.lesson_date
