{# What this build's rows are known by in the history. #}
{% macro history_stamp() -%}
    '{{ var("history_basis") }}' as history_basis,
    '{{ var("build_id") }}' as build_id,
    cast('{{ run_started_at.isoformat() }}' as timestamptz) as built_at
{%- endmacro %}

{# A rebuild of the same date on the same basis replaces what the earlier one left. #}
{% macro forget_same_date() -%}
    {% if is_incremental() -%}
    delete from {{ this }} where history_basis = '{{ var("history_basis") }}' and as_of_date = {{ as_of() }}
    {%- endif %}
{%- endmacro %}

{# The newest school year that has begun: closed years do not move, and are not remembered again. #}
{% macro is_running_year(relation) -%}
    school_year = (
        select max(school_year)
        from {{ relation }}
        where make_date({{ first_year('school_year') }}, 8, 1) <= {{ as_of() }}
    )
{%- endmacro %}
