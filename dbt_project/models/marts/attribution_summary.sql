-- Grain: indicator. Meaning: how much of its change is the system's, with its interval, or why that cannot be
-- said; and what the answer rests on.
select
    indicator,
    control as is_control,
    verdict,
    estimate,
    low,
    high,
    raw_change,
    detectable,
    pre_trend_p,
    cast(schools as integer) as schools,
    cast(cohorts as integer) as cohorts,
    cast(cohorts_estimated as integer) as cohorts_estimated,
    cast(cohorts_with_competing_events as integer) as cohorts_with_competing_events,
    cohorts_are_counties,
    cast(schools_with_gaps as integer) as schools_with_gaps,
    cast(schools_adopted_before as integer) as schools_adopted_before,
    cast(schools_in_small_cohorts as integer) as schools_in_small_cohorts,
    cast(controls_tried as integer) as controls_tried,
    cast(controls_moved as integer) as controls_moved
from {{ ref('attribution_verdict') }}
