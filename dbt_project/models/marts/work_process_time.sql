-- Grain: work process × school × phase, and × county as school `*`. Meaning: minutes per case before and after,
-- with a 95 % interval. Schools share what their county's samples say; `samples` are their own.
select
    pool as county_number,
    school_id,
    process_code,
    phase,
    mean as minutes_per_case,
    low,
    high,
    cast(samples as integer) as samples,
    cast(cases as integer) as cases
from {{ ref('minutes_estimate') }}
