-- Grain: school year × school × from date × figure × cause. Meaning: what moved the school's figure from each earlier
-- publication to the latest; the causes sum to the change.
with since as (
    select
        begun.from_date as since_date,
        latest.to_date as latest_date,
        moved.*
    from (select distinct school_year, from_date from {{ ref('change_chain') }}) as begun
    inner join {{ ref('student_change') }} as moved
        on begun.school_year = moved.school_year and moved.from_date >= begun.from_date
    inner join (
        select
            school_year,
            max(as_of_date) as to_date
        from {{ ref('change_chain') }}
        group by school_year
    ) as latest on begun.school_year = latest.school_year
),

by_student as (
    select
        school_year,
        county_number,
        school_id,
        since_date,
        latest_date,
        figure,
        cause,
        student_key,
        sum(minutes) as minutes
    from since
    group by school_year, county_number, school_id, since_date, latest_date, figure, cause, student_key
),

by_cause as (
    select
        school_year,
        county_number,
        school_id,
        since_date,
        latest_date,
        figure,
        cause,
        count(*) as students,
        sum(minutes) as minutes
    from by_student
    group by school_year, county_number, school_id, since_date, latest_date, figure, cause
),

changed as (
    select
        school_year,
        school_id,
        since_date,
        figure,
        count(distinct student_key) as students
    from by_student
    group by school_year, school_id, since_date, figure
)

select
    by_cause.school_year,
    by_cause.county_number,
    by_cause.school_id,
    by_cause.since_date as from_date,
    by_cause.latest_date as to_date,
    by_cause.figure,
    by_cause.cause,
    cast(by_cause.minutes as integer) as minutes,
    cast(by_cause.students as integer) as students,
    cast(changed.students as integer) as students_changed
from by_cause
inner join changed
    on
        by_cause.school_year = changed.school_year
        and by_cause.school_id = changed.school_id
        and by_cause.since_date = changed.since_date
        and by_cause.figure = changed.figure
