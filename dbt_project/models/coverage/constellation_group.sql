-- Grain: constellation × group. Meaning: the groups of the constellation and the dates its lessons span.
with span as (
    select
        constellation_no,
        min(lesson_no) as lesson_no,
        min(lesson_date) as first_date,
        max(lesson_date) as last_date
    from {{ ref('lesson_fact') }}
    where constellation_no is not null
    group by constellation_no
),

-- Any one lesson tells its groups.
example as (
    select
        span.constellation_no,
        span.first_date,
        span.last_date,
        lesson.lesson_id
    from span
    inner join {{ ref('lesson_fact') }} as lesson on span.lesson_no = lesson.lesson_no
)

select
    example.constellation_no,
    lesson_group.group_id,
    example.first_date,
    example.last_date
from example
inner join {{ ref('stg_lesson_group') }} as lesson_group on example.lesson_id = lesson_group.lesson_id
