-- Grain: work process × school year with samples. Meaning: how alike counties and schools do the same work: the
-- spread left once sampling noise has been taken away, and the share of schools that do it as most do.
select
    process_code,
    school_year,
    cast(counties as integer) as counties,
    cast(schools as integer) as schools,
    cast(schools_adopted as integer) as schools_adopted,
    cast(samples as integer) as samples,
    minutes_per_case,
    county_spread,
    county_spread_low,
    county_spread_high,
    school_spread,
    school_spread_low,
    school_spread_high,
    observed_spread,
    common_share,
    common_share_low,
    common_share_high
from {{ ref('process_spread') }}
