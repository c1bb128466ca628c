-- Grain: release × area of the system. Meaning: the acceptance tests by result, the release's delivery and
-- approval, and how long approval took (or has taken, while it is not given).
with test as (
    select
        release,
        area,
        count(*) as tests,
        count(*) filter (where result = 'passed') as passed,
        count(*) filter (where result = 'failed') as failed,
        count(*) filter (where result = 'blocked') as blocked,
        count(*) filter (where result = 'not_run') as not_run
    from {{ ref('stg_acceptance_test') }}
    where run_on is null or run_on <= {{ as_of() }}
    group by release, area
),

delivered as (
    select
        release,
        supplier_date,
        case when accepted_on <= {{ as_of() }} then accepted_on end as accepted_on
    from {{ ref('stg_release') }}
    where supplier_date <= {{ as_of() }}
)

select
    coalesce(delivered.release, test.release) as release,
    coalesce(test.area, '') as area,
    delivered.supplier_date,
    delivered.accepted_on,
    cast(coalesce(delivered.accepted_on, {{ as_of() }}) - delivered.supplier_date as integer) as days_to_acceptance,
    cast(coalesce(test.tests, 0) as integer) as tests,
    cast(coalesce(test.passed, 0) as integer) as passed,
    cast(coalesce(test.failed, 0) as integer) as failed,
    cast(coalesce(test.blocked, 0) as integer) as blocked,
    cast(coalesce(test.not_run, 0) as integer) as not_run
from delivered
full outer join test on delivered.release = test.release
