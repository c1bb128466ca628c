-- Grain: county × sample to ask for. Meaning: the next samples, in the order in which they narrow the interval of
-- a year's saved hours most per minute asked, within what may be asked of each person.
select
    pool as county_number,
    cast(sample_order as integer) as sample_order,
    process_code,
    school_id,
    role,
    phase,
    cast(cases as integer) as cases,
    cast(minutes as integer) as minutes,
    cast(sum(minutes) over (partition by pool order by sample_order rows unbounded preceding) as integer) as minutes_so_far,
    narrowed as hours_narrowed,
    width as county_width,
    width_share as county_width_share
from {{ ref('sample_to_ask') }}
