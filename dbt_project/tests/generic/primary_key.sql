{#
    The named columns together are the grain, and none is ever empty. A row here is a second one for the same
    key, or one without a key: a join multiplied rows or lost its other side.
#}
{% test primary_key(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as copies
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 {%- for column in columns %} or {{ column }} is null {%- endfor %}
{% endtest %}
