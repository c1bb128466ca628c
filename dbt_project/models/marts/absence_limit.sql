-- Grain: school year × period × student × subject with hours. Meaning: counted absence against the
-- subject's full annual hours, also for those who began late. `year` is what settles; a half-year shows its
-- part of it, from the day it begins. Exempt and recognised subjects have no grade to lose and no row;
-- adults have no limit.
with period as (
    select unnest(['autumn', 'spring', 'year']) as period
),

base as (
    select
        due.school_year,
        period.period,
        student.county_number,
        student.school_id,
        due.student_key,
        due.subject_code,
        due.required_minutes as subject_minutes,
        case when student.category <> 'adult' then rule.limit_percent end as limit_percent,
        list_contains(string_split(rule.comparable_periods, '|'), period.period) as is_comparable
    from {{ ref('student_subject') }} as due
    inner join {{ ref('student_year') }} as student
        on due.school_year = student.school_year and due.student_key = student.student_key
    inner join {{ ref('absence_rule') }} as rule on due.school_year = rule.school_year
    cross join period
    where
        due.required_minutes > 0
        and (
            period.period <> 'spring'
            or {{ half_year_begins('due.school_year') }} <= {{ as_of() }}
        )
),

measured as (
    select
        base.*,
        coalesce(counted.counted, 0) as counted_minutes,
        warned.warned_on
    from base
    left join {{ ref('absence_counted') }} as counted
        on
            base.school_year = counted.school_year
            and base.student_key = counted.student_key
            and base.subject_code = counted.subject_code
            and base.period = counted.period
    left join {{ ref('absence_warned') }} as warned
        on
            base.school_year = warned.school_year
            and base.student_key = warned.student_key
            and base.subject_code = warned.subject_code
            and base.period = warned.period
),

judged as (
    select
        *,
        case
            when limit_percent is null then 'clear'
            when {{ exceeds_percent('counted_minutes', 'subject_minutes', 'limit_percent') }} then 'over'
            when {{ reaches_percent('counted_minutes', 'subject_minutes', var('absence_warning_percent')) }}
                then 'warn'
            else 'clear'
        end as status
    from measured
)

select
    school_year,
    period,
    county_number,
    school_id,
    student_key,
    subject_code,
    {{ as_of() }} as as_of_date,
    cast(counted_minutes as integer) as counted_minutes,
    cast(subject_minutes as integer) as subject_minutes,
    cast(round(counted_minutes * 100.0 / subject_minutes, 2) as decimal(9, 2)) as percent,
    cast(limit_percent as decimal(9, 2)) as limit_percent,
    status,
    warned_on,
    status <> 'clear' and warned_on is null as warning_due,
    is_comparable
from judged
