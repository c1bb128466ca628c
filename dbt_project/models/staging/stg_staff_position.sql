-- Grain: as landing.staff_position. How a position's hours are planned and used (stillingsplan).
select
    school_id,
    school_year,
    position_id,
    plan,
    role,
    teaching_hours,
    pedagogical_hours,
    administrative_hours,
    batch_id
from {{ source('landing', 'staff_position') }}
