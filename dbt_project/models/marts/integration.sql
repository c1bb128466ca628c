-- Grain: county × integration. Meaning: its last run and its last good one, and how often it failed in the last
-- thirty days. A run that never finished counts as failed.
with run as (
    select
        county_number,
        integration,
        started_at,
        records,
        {{ local_date('started_at') }} as started_on,
        outcome,
        outcome = 'ok' and finished_at is not null as is_ok
    from {{ ref('stg_integration_run') }}
    where {{ local_date('started_at') }} <= {{ as_of() }}
)

select
    county_number,
    integration,
    cast(count(*) as integer) as runs,
    cast(count(*) filter (where started_on > {{ as_of() }} - 30) as integer) as recent_runs,
    cast(count(*) filter (where started_on > {{ as_of() }} - 30 and not is_ok) as integer) as recent_failures,
    max(started_on) as last_run_on,
    arg_max(case when is_ok then 'ok' when outcome = 'ok' then 'unfinished' else outcome end, started_at) as last_outcome,
    max(started_on) filter (where is_ok) as last_ok_on,
    cast(arg_max(records, started_at) filter (where is_ok) as bigint) as last_ok_records
from run
group by county_number, integration
