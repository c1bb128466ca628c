-- Grain: county number. Meaning: the counties, with those that took over from them.
select
    county_number,
    name,
    valid_from,
    valid_to,
    successor_numbers
from {{ ref('county_number') }}
