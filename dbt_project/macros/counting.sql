{# The kinds of minutes a lesson may count as, for those who are members on its day. #}
{% macro counted_kinds() -%}
    {{ return(['scheduled', 'cancelled', 'made_up', 'remaining', 'substitute', 'assumed']) }}
{%- endmacro %}

{#
    What one lesson counts as, 1 or 0 each. Ordinary lessons are scheduled, cancelled ones as well; one that
    replaces another is made up, unless cancelled; what lies ahead and is not cancelled remains.
#}
{% macro counted_minutes_flags(lesson) -%}
    cast({{ lesson }}.is_ordinary as integer) as is_scheduled,
    cast({{ lesson }}.is_ordinary and {{ lesson }}.is_cancelled as integer) as is_cancelled,
    cast(not {{ lesson }}.is_ordinary and not {{ lesson }}.is_cancelled as integer) as is_made_up,
    cast({{ lesson }}.is_ahead and not {{ lesson }}.is_cancelled as integer) as is_remaining,
    cast({{ lesson }}.is_substitute as integer) as is_substitute,
    cast({{ lesson }}.is_assumed as integer) as is_assumed
{%- endmacro %}

{# Sums of `minutes` by kind, as bigint. #}
{% macro sum_counted(minutes, flags) -%}
    {% for kind in counted_kinds() -%}
    cast(sum({{ minutes }} * {{ flags }}.is_{{ kind }}) as bigint) as {{ kind }}{{ "," if not loop.last }}
    {% endfor %}
{%- endmacro %}
