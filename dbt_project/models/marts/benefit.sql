-- Grain: work process × school × month, where there were cases. Meaning: hours saved, with a 95 % interval, and
-- how they are known: `realised` where the school measured itself after it took up the system, `estimated`
-- where other schools of the county did, `planned` where none has, `before_adoption` (no hours), `control`
-- (unchanged work, never a benefit). What was planned is the school's part of its county's plan for the month.
select
    counted.county_number,
    counted.school_id,
    counted.process_code,
    counted.month,
    cast(counted.cases as integer) as volume,
    cast(planned.planned_hours as double) as planned_hours,
    case when counted.state = 'realised' then counted.hours end as realised_hours,
    counted.hours,
    counted.low,
    counted.high,
    counted.state
from {{ ref('benefit_estimate') }} as counted
left join {{ ref('plan_share') }} as planned
    on
        counted.process_code = planned.process_code
        and counted.school_id = planned.school_id
        and counted.month = planned.month
