-- Grain: as landing.process_volume. Cases of a process at a school in a month, from a filled-in sheet.
select
    process_code,
    school_id,
    month,
    cases,
    batch_id
from {{ source('landing', 'process_volume') }}
