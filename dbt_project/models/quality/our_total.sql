-- Grain: student × school year × subject × period (half-years and year). Meaning: our minutes on the terms
-- of the administration system's totals, and the minutes that may explain a difference.
with half_year_part as (
    select
        school_year,
        student_key,
        subject_code,
        period,
        scheduled - outside_membership - cancelled + made_up - remaining as taught,
        cancelled,
        assumed,
        outside_membership,
        0 as diverted,
        0 as absent,
        0 as late
    from {{ ref('student_subject_period') }}
    union all
    select
        school_year,
        student_key,
        subject_code,
        period,
        0 as taught,
        0 as cancelled,
        0 as assumed,
        0 as outside_membership,
        case when absence_code = '!' then minutes else 0 end as diverted,
        case when absence_code in ('X', 'M') then minutes else 0 end as absent,
        0 as late
    from {{ ref('absence_taken') }}
    union all
    select
        school_year,
        student_key,
        subject_code,
        period,
        0 as taught,
        0 as cancelled,
        0 as assumed,
        0 as outside_membership,
        0 as diverted,
        0 as absent,
        minutes as late
    from {{ ref('late_minutes') }}
)

select
    school_year,
    student_key,
    subject_code,
    coalesce(period, 'year') as period,
    sum(taught) - sum(diverted) as teaching,
    sum(absent) as absence,
    sum(cancelled) as cancelled,
    sum(assumed) as assumed,
    sum(outside_membership) as outside_membership,
    sum(diverted) as diverted,
    sum(late) as late
from half_year_part
group by grouping sets (
    (school_year, student_key, subject_code, period),
    (school_year, student_key, subject_code)
)
