-- Grain: county × what is summed by × key × month × state. Meaning: hours saved in the month and from the first
-- month to its end. The intervals are those of the sums: samples the summands share are counted once, so they
-- cannot be had by adding up `benefit`. `all` has the empty key.
select
    county_number,
    sum_by,
    sum_key,
    month,
    state,
    cast(cases as integer) as cases,
    hours,
    low,
    high,
    cast(cases_so_far as integer) as cases_so_far,
    hours_so_far,
    low_so_far,
    high_so_far
from {{ ref('benefit_sum') }}
