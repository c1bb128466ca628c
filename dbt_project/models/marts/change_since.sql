-- Grain: school year × school × status then × status now. Meaning: how many students moved from one status
-- to another between the two latest builds that each knew their own day.
with known as (
    select *
    from {{ ref('student_subject_status') }}
    where history_basis = 'known_then'
),

build_date as (
    select
        max(as_of_date) as to_date,
        max(as_of_date) filter (
            where as_of_date < (select max(as_of_date) from known)
        ) as from_date
    from known
),

student as (
    select
        known.as_of_date,
        known.school_year,
        known.county_number,
        known.school_id,
        known.student_key,
        {{ worst_status('known.status') }} as status
    from known
    inner join build_date on known.as_of_date in (build_date.from_date, build_date.to_date)
    group by known.as_of_date, known.school_year, known.county_number, known.school_id, known.student_key
),

earlier as (
    select student.*
    from student
    inner join build_date on student.as_of_date = build_date.from_date
),

latest as (
    select student.*
    from student
    inner join build_date on student.as_of_date = build_date.to_date
),

moved as (
    select
        coalesce(latest.school_year, earlier.school_year) as school_year,
        coalesce(latest.county_number, earlier.county_number) as county_number,
        coalesce(latest.school_id, earlier.school_id) as school_id,
        coalesce(earlier.status, 'none') as status_from,
        coalesce(latest.status, 'none') as status_to
    from earlier
    full outer join latest
        on earlier.school_year = latest.school_year and earlier.student_key = latest.student_key
)

select
    moved.school_year,
    moved.county_number,
    moved.school_id,
    build_date.from_date,
    build_date.to_date,
    moved.status_from,
    moved.status_to,
    cast(count(*) as integer) as students
from moved
cross join build_date
where build_date.from_date is not null
group by
    moved.school_year, moved.county_number, moved.school_id, build_date.from_date, build_date.to_date,
    moved.status_from, moved.status_to
