-- Grain: school that takes part in the rollout or was measured. Meaning: the county it shares its minutes with,
-- and when it took up the system.
select
    adoption.school_id,
    adoption.county_number,
    adoption.adopted_on
from {{ ref('school_adoption') }} as adoption
where
    adoption.planned_on is not null
    or adoption.school_id in (select school_id from {{ ref('stg_time_sample') }})
