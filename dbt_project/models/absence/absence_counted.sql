-- Grain: school year × student × subject × period with absence that counts. Meaning: minutes of counted
-- absence in the half-years and in the year, which is settled as one.
with counted as (
    select
        taken.school_year,
        taken.student_key,
        taken.subject_code,
        taken.period,
        taken.minutes
    from {{ ref('absence_taken') }} as taken
    inner join {{ ref('absence_rule') }} as rule on taken.school_year = rule.school_year
    where list_contains(string_split(rule.counted_codes, '|'), taken.absence_code)
)

select
    school_year,
    student_key,
    subject_code,
    coalesce(period, 'year') as period,
    cast(sum(minutes) as bigint) as counted
from counted
group by grouping sets (
    (school_year, student_key, subject_code, period),
    (school_year, student_key, subject_code)
)
