-- Grain: county × work process × month. Meaning: hours the county planned to save in the month and so far.
with planned as (
    select
        county_number,
        process_code,
        cast(date_trunc('month', month) as date) as month,
        sum(planned_hours) as planned_hours
    from {{ ref('stg_benefit_target') }}
    group by county_number, process_code, date_trunc('month', month)
)

select
    county_number,
    process_code,
    month,
    cast(planned_hours as double) as planned_hours,
    cast(
        sum(planned_hours) over (partition by county_number, process_code order by month rows unbounded preceding) as double
    ) as planned_so_far
from planned
