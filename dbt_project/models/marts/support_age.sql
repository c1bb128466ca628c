-- Grain: school × kind × area × severity × age band. Meaning: the cases open on the as-of date, by how long
-- they have been so.
with open_case as (
    select
        *,
        {{ as_of() }} - opened_on as age_days
    from {{ ref('support_case_known') }}
    where closed_on is null
),

banded as (
    select
        *,
        case
            when age_days <= 7 then 'week'
            when age_days <= 30 then 'month'
            when age_days <= 90 then 'quarter'
            else 'longer'
        end as age_band
    from open_case
)

select
    county_number,
    school_id,
    kind,
    area,
    severity,
    age_band,
    cast(count(*) as integer) as open_cases,
    cast(count(*) filter (where is_duplicate) as integer) as duplicates,
    cast(max(age_days) as integer) as oldest_days
from banded
group by county_number, school_id, kind, area, severity, age_band
