-- Grain: school. Meaning: when the school was to adopt the system and when it did: as a pilot where it was one,
-- else with the others. What happened counts; what was planned stands beside it.
with dated as (
    select
        school_id,
        max(planned_on) filter (where milestone = 'pilot') as pilot_planned_on,
        max(reached_on) filter (where milestone = 'pilot') as pilot_on,
        max(planned_on) filter (where milestone = 'adoption') as adoption_planned_on,
        max(reached_on) filter (where milestone = 'adoption') as adoption_on
    from {{ ref('school_milestone') }}
    where milestone in ('pilot', 'adoption')
    group by school_id
)

select
    school.school_id,
    school.county_number,
    coalesce(dated.pilot_on is not null, false) as is_pilot,
    coalesce(dated.pilot_planned_on, dated.adoption_planned_on) as planned_on,
    coalesce(dated.pilot_on, dated.adoption_on) as adopted_on,
    cast(date_trunc('month', coalesce(dated.pilot_on, dated.adoption_on)) as date) as adopted_month
from {{ ref('school_now') }} as school
left join dated on school.school_id = dated.school_id
