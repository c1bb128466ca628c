-- Grain: as landing.school_position. Where a school lies, for the map.
select
    school_id,
    latitude,
    longitude,
    batch_id
from {{ source('landing', 'school_position') }}
