-- The contract; figures follow.
select
    cast(null as varchar) as county_number,
    cast(null as varchar) as process_code,
    cast(null as integer) as samples_given,
    cast(null as integer) as cases_given,
    cast(null as double) as hours_given,
    cast(null as integer) as samples_planned,
    cast(null as integer) as cases_planned,
    cast(null as double) as hours_planned,
    cast(null as integer) as yearly_cases,
    cast(null as double) as saved_hours,
    cast(null as double) as low,
    cast(null as double) as high,
    cast(null as double) as width_planned,
    cast(null as double) as cost_share,
    cast(null as varchar) as verdict
where false
