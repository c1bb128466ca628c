-- The contract; figures follow.
select
    cast(null as varchar) as process_code,
    cast(null as varchar) as school_year,
    cast(null as integer) as counties,
    cast(null as integer) as schools,
    cast(null as integer) as schools_adopted,
    cast(null as integer) as samples,
    cast(null as double) as minutes_per_case,
    cast(null as double) as county_spread,
    cast(null as double) as county_spread_low,
    cast(null as double) as county_spread_high,
    cast(null as double) as school_spread,
    cast(null as double) as school_spread_low,
    cast(null as double) as school_spread_high,
    cast(null as double) as observed_spread,
    cast(null as double) as common_share,
    cast(null as double) as common_share_low,
    cast(null as double) as common_share_high
where false
