-- Grain: school × school year. Meaning: the first day of the school year: the first teaching day of the school's
-- calendar, else the day of the first lesson in any of its groups' timetable.
with calendar as (
    select
        school.school_id,
        {{ school_year_of('day.date') }} as school_year,
        min(day.date) as first_day
    from {{ ref('stg_school_day') }} as day
    inner join {{ ref('school_in_county') }} as school
        on
            day.county_number = school.county_number
            and day.school_id in ('*', school.school_id)
            and day.date between school.first_day and school.last_day
    where day.kind = 'teaching'
    group by school.school_id, {{ school_year_of('day.date') }}
),

timetable as (
    select
        teaching_group.school_id,
        teaching_group.school_year,
        min(taught.first_date) as first_day
    from {{ ref('stg_teaching_group') }} as teaching_group
    inner join {{ ref('constellation_group') }} as taught on teaching_group.group_id = taught.group_id
    group by teaching_group.school_id, teaching_group.school_year
)

select
    coalesce(calendar.school_id, timetable.school_id) as school_id,
    coalesce(calendar.school_year, timetable.school_year) as school_year,
    coalesce(calendar.first_day, timetable.first_day) as first_day
from calendar
full outer join timetable
    on calendar.school_id = timetable.school_id and calendar.school_year = timetable.school_year
