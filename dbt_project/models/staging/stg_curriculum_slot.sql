-- Grain: as landing.curriculum_slot. One part of what a programme area demands, and the subjects that fill it.
select
    programme_area_code,
    level,
    slot_code,
    valid_from_year,
    valid_to_year,
    name,
    hours,
    subjects,
    batch_id
from {{ source('landing', 'curriculum_slot') }}
