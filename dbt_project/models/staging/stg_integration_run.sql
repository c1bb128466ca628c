-- Grain: as landing.integration_run. One run of an integration with a county's central system.
select
    integration,
    county_number,
    started_at,
    finished_at,
    outcome,
    records,
    batch_id
from {{ source('landing', 'integration_run') }}
