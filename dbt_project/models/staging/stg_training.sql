-- Grain: as landing.training. One person's training in one topic.
select
    training_id,
    staff_key,
    school_id,
    format,
    topic,
    completed_on,
    due_on,
    rating,
    batch_id
from {{ source('landing', 'training') }}
