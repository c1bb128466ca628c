-- Grain: as landing.acceptance_test. One acceptance test of one release.
select
    test_id,
    release,
    requirement,
    area,
    result,
    run_on,
    batch_id
from {{ source('landing', 'acceptance_test') }}
