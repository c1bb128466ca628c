-- Grain: school year × period × school × subject with hours, and `*` for all subjects together. Meaning:
-- students by how near the absence limit they are; under `*` a student counts once, by the worst subject.
-- Those who have no limit are left out.
with limited as (
    select *
    from {{ ref('absence_limit') }}
    where limit_percent is not null
)

select
    school_year,
    period,
    county_number,
    school_id,
    case when grouping(subject_code) = 1 then '*' else subject_code end as subject_code,
    as_of_date,
    cast(count(distinct student_key) as integer) as students,
    cast(count(distinct student_key) filter (where status = 'over') as integer) as students_over,
    cast(count(distinct student_key) filter (where status = 'over' and warning_due) as integer)
        as students_over_unwarned,
    cast(count(distinct student_key) filter (where status in ('over', 'warn')) as integer) as students_reached,
    cast(count(distinct student_key) filter (where warning_due) as integer) as students_warning_due,
    max(limit_percent) as limit_percent,
    bool_and(is_comparable) as is_comparable
from limited
group by
    grouping sets (
        (school_year, period, county_number, school_id, as_of_date, subject_code),
        (school_year, period, county_number, school_id, as_of_date)
    )
