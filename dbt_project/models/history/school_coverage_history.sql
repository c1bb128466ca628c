{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    pre_hook='{{ forget_same_date() }}'
) }}
-- Grain: basis × as-of date × school year × school. Meaning: school_coverage as each build knew it.
select
    {{ history_stamp() }},
    as_of_date,
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
from {{ ref('school_coverage') }}
where {{ is_running_year(ref('school_coverage')) }}
