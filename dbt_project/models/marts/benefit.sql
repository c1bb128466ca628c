-- Grain: work process × school × month, where there were cases. Meaning: hours saved, with a 95 % interval, and
-- how they are known: `realised` where the school measured itself after it took up the system, `estimated`
-- where other schools of the county did, `planned` where none has, `before_adoption` (no hours), `control`
-- (unchanged work, never a benefit). What the county planned for the month is shared out by cases.
with planned as (
    select
        process_code,
        county_number,
        cast(date_trunc('month', month) as date) as month,
        sum(planned_hours) as planned_hours
    from {{ ref('stg_benefit_target') }}
    group by process_code, county_number, date_trunc('month', month)
),

counted as (
    select
        *,
        sum(cases) over (partition by process_code, county_number, month) as county_cases,
        count(*) over (partition by process_code, county_number, month) as county_schools
    from {{ ref('benefit_estimate') }}
)

select
    counted.county_number,
    counted.school_id,
    counted.process_code,
    counted.month,
    cast(counted.cases as integer) as volume,
    cast(planned.planned_hours as double)
    * case when counted.county_cases > 0 then counted.cases / counted.county_cases else 1 / counted.county_schools end
        as planned_hours,
    case when counted.state = 'realised' then counted.hours end as realised_hours,
    counted.hours,
    counted.low,
    counted.high,
    counted.state
from counted
left join planned
    on
        counted.process_code = planned.process_code
        and counted.county_number = planned.county_number
        and counted.month = planned.month
