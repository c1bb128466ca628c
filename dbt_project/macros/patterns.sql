{# `STUSP1*` matches any ending, `*` anything, even no programme area; without a star only itself. #}
{% macro is_pattern(pattern) -%}
    ends_with({{ pattern }}, '*')
{%- endmacro %}

{# The characters before the star. #}
{% macro pattern_prefix(pattern) -%}
    case when ends_with({{ pattern }}, '*') then left({{ pattern }}, length({{ pattern }}) - 1) else {{ pattern }} end
{%- endmacro %}

{# True where the text (null: only `*` fits) matches the pattern. #}
{% macro matches_pattern(text, pattern) -%}
    (
        {{ pattern }} = '*'
        or {{ text }} = {{ pattern }}
        or (ends_with({{ pattern }}, '*') and starts_with({{ text }}, {{ pattern_prefix(pattern) }}))
    )
{%- endmacro %}
