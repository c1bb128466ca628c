-- Grain: school. Meaning: when the school was to adopt the system, when it did, and whether it was a pilot.
select
    county_number,
    school_id,
    is_pilot,
    planned_on,
    adopted_on,
    adopted_month,
    cast(adopted_on - planned_on as integer) as days_late
from {{ ref('school_adoption') }}
