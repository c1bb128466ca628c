-- Grain: one delivery. Meaning: what was landed, when it was extracted, and how it went.
select
    batch_id,
    source,
    county_number,
    kind,
    extracted_at,
    loaded_at,
    synthetic,
    outcome
from {{ source('landing', 'batch') }}
