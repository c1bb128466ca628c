-- Grain: school year × school × from date × status then × status now. Meaning: how many students moved from one status
-- to another between each earlier build and the latest, each as it knew its own day.
with chain as (
    select
        school_year,
        from_date,
        max(as_of_date) over (partition by school_year) as to_date
    from {{ ref('change_chain') }}
),

student as (
    select
        as_of_date,
        school_year,
        county_number,
        school_id,
        student_key,
        {{ worst_status('status') }} as status
    from {{ ref('student_subject_status') }}
    where history_basis = 'known_then'
    group by as_of_date, school_year, county_number, school_id, student_key
),

earlier as (
    select
        chain.from_date,
        chain.to_date,
        student.*
    from student
    inner join chain on student.school_year = chain.school_year and student.as_of_date = chain.from_date
),

latest as (
    select
        chain.from_date,
        chain.to_date,
        student.*
    from student
    inner join chain on student.school_year = chain.school_year and student.as_of_date = chain.to_date
),

moved as (
    select
        coalesce(latest.school_year, earlier.school_year) as school_year,
        coalesce(latest.county_number, earlier.county_number) as county_number,
        coalesce(latest.school_id, earlier.school_id) as school_id,
        coalesce(latest.from_date, earlier.from_date) as from_date,
        coalesce(latest.to_date, earlier.to_date) as to_date,
        coalesce(earlier.status, 'none') as status_from,
        coalesce(latest.status, 'none') as status_to
    from earlier
    full outer join latest
        on
            earlier.school_year = latest.school_year
            and earlier.from_date = latest.from_date
            and earlier.student_key = latest.student_key
)

select
    school_year,
    county_number,
    school_id,
    from_date,
    to_date,
    status_from,
    status_to,
    cast(count(*) as integer) as students
from moved
group by school_year, county_number, school_id, from_date, to_date, status_from, status_to
