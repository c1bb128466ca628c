-- Grain: as landing.lesson_group. A group the lesson serves.
select
    lesson_id,
    group_id,
    batch_id
from {{ source('landing', 'lesson_group') }}
