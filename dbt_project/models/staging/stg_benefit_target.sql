-- Grain: as landing.benefit_target. Hours a county plans to save in a month.
select
    process_code,
    county_number,
    month,
    planned_hours,
    batch_id
from {{ source('landing', 'benefit_target') }}
