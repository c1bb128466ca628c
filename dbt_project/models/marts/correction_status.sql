-- Grain: closed school year × school × status as closed × status as computed now. Meaning: how many students' worst status later
-- data would change.
with closed as (
    select
        school_year,
        county_number,
        school_id,
        student_key,
        {{ worst_status('status') }} as status
    from {{ source('closed', 'student_subject') }}
    group by school_year, county_number, school_id, student_key
),

latest as (
    select
        school_year,
        county_number,
        school_id,
        student_key,
        {{ worst_status('status') }} as status
    from {{ ref('student_subject_coverage') }}
    where school_year in (select school_year from {{ source('closed', 'year') }})
    group by school_year, county_number, school_id, student_key
)

select
    coalesce(latest.school_year, closed.school_year) as school_year,
    coalesce(latest.county_number, closed.county_number) as county_number,
    coalesce(latest.school_id, closed.school_id) as school_id,
    coalesce(closed.status, 'none') as status_from,
    coalesce(latest.status, 'none') as status_to,
    cast(count(*) as integer) as students
from closed
full outer join latest on closed.school_year = latest.school_year and closed.student_key = latest.student_key
group by
    coalesce(latest.school_year, closed.school_year),
    coalesce(latest.county_number, closed.county_number),
    coalesce(latest.school_id, closed.school_id),
    coalesce(closed.status, 'none'),
    coalesce(latest.status, 'none')
