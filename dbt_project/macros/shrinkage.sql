{#
    How many lessons the common rate is worth against a unit's own (docs/forecast.md), by the method of moments
    for the beta-binomial, from columns that sum over the units: `units` of them, `lessons` n, `squares` n²,
    `spread` n (r − p)². Units that differ no more than chance would make them, or too few of them to
    tell, give the most.
#}
{% macro prior_lessons(rate, units, lessons, squares, spread) -%}
    {%- set between -%}
        ({{ spread }} / nullif({{ rate }} * (1 - {{ rate }}), 0) - ({{ units }} - 1))
        / nullif({{ lessons }} - {{ squares }} / nullif(cast({{ lessons }} as double), 0) - ({{ units }} - 1), 0)
    {%- endset -%}
    case
        when {{ between }} > 0
            then least(
                greatest(1 / ({{ between }}) - 1, {{ var('forecast_least_prior_lessons') }}),
                {{ var('forecast_most_prior_lessons') }}
            )
        else {{ var('forecast_most_prior_lessons') }}
    end
{%- endmacro %}

{# A unit's own rate drawn towards `prior` with the strength of that many lessons. #}
{% macro drawn_towards(prior, prior_lessons, rate, lessons) -%}
    ({{ lessons }} * coalesce({{ rate }}, 0) + {{ prior_lessons }} * {{ prior }})
    / ({{ lessons }} + {{ prior_lessons }})
{%- endmacro %}
