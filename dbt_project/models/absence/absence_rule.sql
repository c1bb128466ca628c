-- Grain: school year. Meaning: the absence limit in force: the percentage, the codes that count, and
-- whether the year's figures can be compared with other years. A school year without a row has no limit.
with school_year as (
    select distinct -- one row per year
        school_year
    from {{ ref('student_year') }}
)

select
    school_year.school_year,
    rule.limit_percent,
    rule.discretion_percent,
    coalesce(rule.counted_codes, 'X|M') as counted_codes,
    coalesce(rule.comparable_periods, '') as comparable_periods,
    rule.rule,
    rule.source
from school_year
left join {{ ref('absence_limit_rule') }} as rule
    on
        coalesce({{ first_year('rule.valid_from_year') }}, 0) <= {{ first_year('school_year.school_year') }}
        and coalesce({{ first_year('rule.valid_to_year') }}, 9999) >= {{ first_year('school_year.school_year') }}
