{# Hours of 60 minutes as whole minutes, rounded half up. #}
{% macro minutes_of_hours(hours) -%}
    cast(round({{ hours }} * 60) as bigint)
{%- endmacro %}

{#
    The rows of `relation` with a column `share`: whole parts of `total` in proportion to `weight` within
    `keys`. Each gets the floor, and what is left goes one each to the largest remainders, ties by `tie`.
    `total` must be equal within `keys`; exact in integers, total × weight stays far below 2^63.
#}
{% macro share_out(relation, total, weight, keys, tie='subject_code') %}
    select
        * exclude (weight_sum, whole_part, remainder, remainder_rank, whole_sum),
        coalesce(
            whole_part + case when remainder_rank <= {{ total }} - whole_sum then 1 else 0 end, 0
        ) as share
    from (
        select
            *,
            row_number() over (partition by {{ keys }} order by remainder desc, {{ tie }}) as remainder_rank,
            cast(sum(whole_part) over (partition by {{ keys }}) as bigint) as whole_sum
        from (
            select
                *,
                ({{ total }} * {{ weight }}) // nullif(weight_sum, 0) as whole_part,
                ({{ total }} * {{ weight }}) % nullif(weight_sum, 0) as remainder
            from (
                select
                    *,
                    cast(sum({{ weight }}) over (partition by {{ keys }}) as bigint) as weight_sum
                from {{ relation }}
            )
        )
    )
{% endmacro %}

{#
    The weights a lesson is split by: the subjects' curriculum minutes, or equal where one of them is
    unknown or 0 within `keys`.
#}
{% macro split_weight(curriculum_minutes, keys) -%}
    case
        when bool_or(coalesce({{ curriculum_minutes }}, 0) = 0) over (partition by {{ keys }}) then 1
        else {{ curriculum_minutes }}
    end
{%- endmacro %}

{# The usual part of an unnamed lesson's minutes that is the subject's, rounded half up. #}
{% macro usual_part(minutes, usual) -%}
    (2 * {{ minutes }} * {{ usual }}.share_weight + {{ usual }}.share_total) // (2 * {{ usual }}.share_total)
{%- endmacro %}
