-- Grain: as landing.school_day. What kind of day it is at a school, or at all schools of a county.
select
    county_number,
    school_id,
    date,
    kind,
    batch_id
from {{ source('landing', 'school_day') }}
