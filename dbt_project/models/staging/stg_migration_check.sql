-- Grain: as landing.migration_check. One object counted in the old system and in the new.
select
    check_id,
    county_number,
    object,
    legacy_count,
    new_count,
    explained,
    checked_on,
    batch_id
from {{ source('landing', 'migration_check') }}
