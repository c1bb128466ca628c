{# The one place where a limit is decided: over is strictly more than that percentage, exact in whole minutes. #}
{% macro exceeds_percent(counted, base, percent) -%}
    ({{ counted }} * 100 > {{ base }} * {{ percent }})
{%- endmacro %}

{# And where a warning becomes due: at that percentage, so that the student can still act. #}
{% macro reaches_percent(counted, base, percent) -%}
    ({{ counted }} * 100 >= {{ base }} * {{ percent }})
{%- endmacro %}
