{# Equal, when the other side states whole hours. #}
{% macro about(minutes, other) -%}
    abs({{ minutes }} - ({{ other }})) <= {{ var('reconciliation_rounding_minutes') }}
{%- endmacro %}

{#
    What most likely explains that they count `rest` more minutes of teaching than we do, once the lessons they
    could not know yet are set aside; the first that holds.
#}
{% macro teaching_cause(rest, row) -%}
    case
        when {{ about(rest, '0') }} and {{ row }}.late > 0 and not {{ about('0', row ~ '.late') }} then 'extract_dates'
        when {{ about(rest, '0') }} then 'rounding'
        when {{ row }}.cancelled > 0 and {{ about(rest, row ~ '.cancelled') }} then 'cancelled_counted'
        when {{ row }}.diverted > 0 and {{ about(rest, row ~ '.diverted') }} then 'diverted_counted'
        when {{ row }}.assumed > 0 and {{ about(rest, '-' ~ row ~ '.assumed') }} then 'unregistered_lessons'
        when {{ row }}.outside_membership > 0 and {{ about(rest, row ~ '.outside_membership') }} then 'membership_dates'
        when {{ row }}.is_shared then 'shares'
        when {{ row }}.cancelled > 0 and {{ rest }} between 0 and {{ row }}.cancelled then 'cancelled_counted_in_part'
        else 'unexplained'
    end
{%- endmacro %}
