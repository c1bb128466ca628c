{# The statuses of a row, worst first; `left` stands outside the order. #}
{% macro coverage_statuses() -%}
    {{ return(['not_assigned', 'short', 'at_risk', 'unknown', 'on_track', 'met', 'exempt']) }}
{%- endmacro %}

{# The worst of the statuses in a group of rows; an aggregate. #}
{% macro worst_status(status) -%}
    case
        {% for name in coverage_statuses() -%}
        when bool_or({{ status }} = '{{ name }}') then '{{ name }}'
        {% endfor -%}
        else 'left'
    end
{%- endmacro %}

{# How many rows have each status, as `students_short`, `subjects_short`, … #}
{% macro count_by_status(counted, status='status') -%}
    {% for name in coverage_statuses() + ['left'] -%}
    cast(count(*) filter (where {{ status }} = '{{ name }}') as integer) as {{ counted }}_{{ name }}
    {{- "," if not loop.last }}
    {% endfor %}
{%- endmacro %}

{# The minutes of the waterfall that sum over subjects and students. #}
{% macro waterfall_columns() -%}
    {{ return([
        'required_minutes', 'scheduled_minutes', 'outside_membership_minutes', 'cancelled_minutes',
        'diverted_minutes', 'made_up_minutes', 'remaining_minutes', 'offered_minutes', 'substitute_minutes',
        'exam_minutes', 'assumed_minutes', 'not_scheduled_minutes', 'not_assigned_minutes', 'missing_minutes'
    ]) }}
{%- endmacro %}

{# Their sums; rows of those who left are counted, but nothing is due to them any longer. #}
{% macro sum_waterfall(status='status') -%}
    {% for name in waterfall_columns() -%}
    cast(coalesce(sum({{ name }}) filter (where {{ status }} <> 'left'), 0) as integer) as {{ name }}
    {{- "," if not loop.last }}
    {% endfor %}
{%- endmacro %}

{# A row's not_scheduled and not_assigned minutes, so that no minute counts under both. #}
{% macro planning_gaps(row) -%}
    case when {{ row }}.status = 'not_assigned' then 0 else coalesce({{ row }}.not_scheduled_minutes, 0) end
        as not_scheduled_minutes,
    case when {{ row }}.status = 'not_assigned' then coalesce({{ row }}.required_minutes, 0) else 0 end
        as not_assigned_minutes
{%- endmacro %}

{# Three ISO columns of a local date's week. #}
{% macro iso_week(week_start) -%}
    cast(isoyear({{ week_start }}) as integer) as iso_year,
    cast(weekofyear({{ week_start }}) as integer) as iso_week,
    {{ week_start }}
{%- endmacro %}

{# Monday of a local date's week. #}
{% macro week_start(day) -%}
    cast(date_trunc('week', {{ day }}) as date)
{%- endmacro %}

{# What may be expected of remaining minutes, rounded half up. #}
{% macro expected_minutes(remaining, loss_rate) -%}
    cast(floor({{ remaining }} * (1 - {{ loss_rate }}) + 0.5) as bigint)
{%- endmacro %}

{# Of what remains and of lessons added, the minutes to be expected given, rounded half up. #}
{% macro expected_with_added(lessons, row) -%}
    cast(floor({{ row }}.remaining_expected + {{ lessons }} * {{ row }}.lesson_expected + 0.5) as bigint)
{%- endmacro %}

{# The status of those who are assigned, neither exempt nor gone. #}
{% macro status_of(is_known, required, offered, remaining, projected) -%}
    case
        when {{ required }} is null or not ({{ is_known }}) then 'unknown'
        when {{ offered }} >= {{ required }} then 'met'
        when {{ projected }} >= {{ required }} then 'on_track'
        when {{ offered }} + {{ remaining }} >= {{ required }} then 'at_risk'
        else 'short'
    end
{%- endmacro %}

{#
    What a row lacks because the timetable never had room for it, without what the student lost by joining late
    or leaving early: those are counted as outside_membership.
#}
{% macro never_scheduled(row) -%}
    greatest(coalesce({{ row }}.not_scheduled_minutes, 0) - {{ row }}.outside_membership_minutes, 0)
{%- endmacro %}

{# Which loss took most of a row; of equals the first named. #}
{% macro largest_cause(row) -%}
    case greatest(
        {{ never_scheduled(row) }}, {{ row }}.outside_membership_minutes,
        {{ row }}.cancelled_minutes - {{ row }}.made_up_minutes, {{ row }}.diverted_minutes
    )
        when {{ never_scheduled(row) }} then 'not_scheduled'
        when {{ row }}.outside_membership_minutes then 'outside_membership'
        when {{ row }}.cancelled_minutes - {{ row }}.made_up_minutes then 'cancelled'
        else 'diverted'
    end
{%- endmacro %}
