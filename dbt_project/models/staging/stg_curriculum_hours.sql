-- Grain: as landing.curriculum_hours. Local and later curriculum hours, beside the shipped seed.
select
    subject_code,
    programme_area_code,
    valid_from_year,
    valid_to_year,
    hours,
    batch_id
from {{ source('landing', 'curriculum_hours') }}
