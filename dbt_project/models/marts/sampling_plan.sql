-- The contract; figures follow.
select
    cast(null as varchar) as county_number,
    cast(null as integer) as sample_order,
    cast(null as varchar) as process_code,
    cast(null as varchar) as school_id,
    cast(null as varchar) as role,
    cast(null as varchar) as phase,
    cast(null as integer) as cases,
    cast(null as integer) as minutes,
    cast(null as integer) as minutes_so_far,
    cast(null as double) as hours_narrowed,
    cast(null as double) as county_width,
    cast(null as double) as county_width_share
where false
