-- Grain: county × work process × month. Meaning: hours planned to be saved in the month and so far, by the schools
-- that lie in the county on the as-of date: with them come their parts of the plans of counties they lay in before.
with planned as (
    select
        county_number,
        process_code,
        month,
        sum(planned_hours) as planned_hours
    from {{ ref('plan_share') }}
    group by county_number, process_code, month
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
