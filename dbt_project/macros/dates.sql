{# The date every figure is computed for. #}
{% macro as_of() -%}
    cast('{{ var("as_of") }}' as date)
{%- endmacro %}

{# Local (Oslo) date of an instant. #}
{% macro local_date(instant) -%}
    cast(timezone('Europe/Oslo', {{ instant }}) as date)
{%- endmacro %}

{# Whole minutes between two instants. #}
{% macro minutes_between(starts_at, ends_at) -%}
    cast(floor((epoch({{ ends_at }}) - epoch({{ starts_at }})) / 60) as bigint)
{%- endmacro %}

{# The calendar year a school year starts in: '2018-19' gives 2018. #}
{% macro first_year(school_year) -%}
    cast(substr({{ school_year }}, 1, 4) as integer)
{%- endmacro %}

{# The half-year of a local date: spring is from the day after autumn_ends to the end of July. #}
{% macro half_year(day) -%}
    case
        when strftime({{ day }}, '%m-%d') > '{{ var("autumn_ends") }}' and month({{ day }}) < 8 then 'spring'
        else 'autumn'
    end
{%- endmacro %}

{# First day of the spring half-year of a school year. #}
{% macro half_year_begins(school_year) -%}
    strptime(cast({{ first_year(school_year) }} + 1 as varchar) || '-{{ var("autumn_ends") }}', '%Y-%m-%d') + interval 1 day
{%- endmacro %}

{% macro open_end(end_date) -%}
    coalesce({{ end_date }}, date '9999-12-31')
{%- endmacro %}

{# Whole minutes two periods have in common; null where the first has no end or no start. #}
{% macro overlap_minutes(start_a, end_a, start_b, end_b) -%}
    case
        when {{ start_a }} is not null and {{ end_a }} is not null
            then greatest({{ minutes_between('greatest(' ~ start_a ~ ', ' ~ start_b ~ ')', 'least(' ~ end_a ~ ', ' ~ end_b ~ ')') }}, 0)
    end
{%- endmacro %}

{# The school year a day belongs to, '2018-19': from 1 August to 31 July. #}
{% macro school_year_of(day) -%}
    case
        when month({{ day }}) >= 8
            then year({{ day }}) || '-' || lpad(cast((year({{ day }}) + 1) % 100 as varchar), 2, '0')
        else (year({{ day }}) - 1) || '-' || lpad(cast(year({{ day }}) % 100 as varchar), 2, '0')
    end
{%- endmacro %}
