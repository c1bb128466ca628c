-- Grain: as landing.lesson_subject. A declared share of a lesson; the shares sum to at most the lesson.
select
    lesson_id,
    subject_code,
    minutes,
    batch_id
from {{ source('landing', 'lesson_subject') }}
