-- Grain: as landing.lesson. One timetabled occasion (time); may serve several groups.
select
    lesson_id,
    school_id,
    starts_at,
    ends_at,
    status,
    cover,
    replaces_lesson_id,
    subject_code,
    cause,
    batch_id
from {{ source('landing', 'lesson') }}
