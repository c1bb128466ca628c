-- Grain: indicator × periods since adoption. Meaning: the event study: how schools that had taken up the system
-- differ from those that had not yet, before (where the difference should be none) and after.
select
    study.indicator,
    cast(study.event_time as integer) as event_time,
    study.estimate,
    study.low,
    study.high,
    study.band_low,
    study.band_high,
    cast(study.cohorts as integer) as cohorts,
    verdict.pre_trend_p,
    nullif(study.competing, '') as competing_events
from {{ ref('event_study') }} as study
inner join {{ ref('attribution_verdict') }} as verdict on study.indicator = verdict.indicator
