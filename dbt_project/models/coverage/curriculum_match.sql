-- Grain: school year × programme area × subject. Meaning: the one curriculum row that counts.
-- Order: local beats shipped, a longer match beats a shorter, exact beats a pattern of the same length, a
-- later start of validity beats an earlier.
with candidate as (
    select
        area.school_year,
        area.programme_area_key,
        rule.subject_code,
        rule.hours,
        rule.curriculum_source,
        rule.programme_area_code as matched_pattern,
        rule.valid_from_year,
        length({{ pattern_prefix('rule.programme_area_code') }}) as match_length,
        not {{ is_pattern('rule.programme_area_code') }} as is_exact
    from {{ ref('programme_year') }} as area
    inner join {{ ref('curriculum_rule') }} as rule
        on {{ matches_pattern('area.programme_area_code', 'rule.programme_area_code') }}
    where
        {{ first_year('rule.valid_from_year') }} <= {{ first_year('area.school_year') }}
        and coalesce({{ first_year('rule.valid_to_year') }}, 9999) >= {{ first_year('area.school_year') }}
)

select
    school_year,
    programme_area_key,
    subject_code,
    hours,
    {{ minutes_of_hours('hours') }} as curriculum_minutes,
    curriculum_source,
    matched_pattern,
    valid_from_year
from candidate
qualify row_number() over (
    partition by school_year, programme_area_key, subject_code
    order by (curriculum_source = 'local') desc, match_length desc, is_exact desc, valid_from_year desc
) = 1
