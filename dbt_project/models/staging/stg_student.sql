-- Grain: as landing.student. One student, known by pseudonym alone.
select
    student_key,
    county_number,
    batch_id
from {{ source('landing', 'student') }}
