-- Grain: as landing.milestone. A milestone of a county or a school.
select
    county_number,
    school_id,
    milestone,
    planned_on,
    actual_on,
    batch_id
from {{ source('landing', 'milestone') }}
