-- The contract; figures follow.
select
    cast(null as varchar) as county_number,
    cast(null as varchar) as format,
    cast(null as varchar) as verdict,
    cast(null as integer) as schools_trained,
    cast(null as integer) as schools_used,
    cast(null as integer) as schools_compared,
    cast(null as integer) as trainings,
    cast(null as integer) as cases_before,
    cast(null as integer) as cases_after,
    cast(null as double) as cases_expected,
    cast(null as double) as change,
    cast(null as double) as low,
    cast(null as double) as high,
    cast(null as double) as avoided_per_training,
    cast(null as double) as change_before,
    cast(null as double) as before_p
where false
