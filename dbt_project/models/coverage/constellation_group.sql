-- Grain: constellation × group. Meaning: the groups of the constellation and the dates its lessons span.
with span as (
    select
        constellation_key,
        min(lesson_id) as lesson_id,
        min(lesson_date) as first_date,
        max(lesson_date) as last_date
    from {{ ref('constellation_lesson') }}
    group by constellation_key
)

select
    span.constellation_key,
    lesson_group.group_id,
    span.first_date,
    span.last_date
from span
inner join {{ ref('stg_lesson_group') }} as lesson_group on span.lesson_id = lesson_group.lesson_id
