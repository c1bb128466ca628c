-- Grain: as landing.lesson_teacher. A teacher of the lesson, known by pseudonym alone.
select
    lesson_id,
    teacher_key,
    batch_id
from {{ source('landing', 'lesson_teacher') }}
