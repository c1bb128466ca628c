{#
    The named columns together are the grain: a second row for one combination means a join multiplied rows,
    and sums over the table count something twice.
#}
{% test unique_combination(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as copies
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
