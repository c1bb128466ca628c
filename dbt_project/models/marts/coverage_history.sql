-- Grain: basis × as-of date × school year × school. Meaning: how it looked at the time, build by build; the
-- two bases are never mixed in one chart.
select
    history_basis as basis,
    build_id,
    as_of_date,
    built_at,
    school_year,
    county_number,
    school_id,
    students,
    {% for name in coverage_statuses() + ['left'] -%}
    students_{{ name }},
    {% endfor -%}
    required_minutes,
    missing_minutes,
    assumed_minutes
from {{ ref('school_coverage_history') }}
