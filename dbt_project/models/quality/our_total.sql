-- Grain: student × school year × subject × period (half-years and year). Meaning: our minutes on the terms
-- of the administration system's totals, and the minutes that may explain a difference.
with absence as (
    select
        student_no,
        subject_code,
        period,
        coalesce(sum(minutes) filter (where absence_code = '!'), 0) as diverted,
        coalesce(sum(minutes) filter (where absence_code in ('X', 'M')), 0) as absent
    from {{ ref('absence_taken_numbered') }}
    group by student_no, subject_code, period
),

half_year_part as (
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
        student.school_year,
        student.student_key,
        absence.subject_code,
        absence.period,
        0 as taught,
        0 as cancelled,
        0 as assumed,
        0 as outside_membership,
        absence.diverted,
        absence.absent,
        0 as late
    from absence
    inner join {{ ref('student_year') }} as student on absence.student_no = student.student_no
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
