-- Grain: school × milestone. Meaning: planned, reached, and how late. A milestone that is due and not reached
-- is as late as the as-of date makes it.
with dated as (
    select
        school.county_number,
        milestone.school_id,
        milestone.milestone,
        milestone.planned_on,
        milestone.reached_on,
        coalesce(milestone.reached_on, {{ as_of() }}) - milestone.planned_on as days_after_plan
    from {{ ref('school_milestone') }} as milestone
    inner join {{ ref('school_now') }} as school on milestone.school_id = school.school_id
)

select
    county_number,
    school_id,
    milestone,
    planned_on,
    reached_on,
    cast(case when reached_on is not null or days_after_plan > 0 then days_after_plan end as integer) as days_late,
    case
        when reached_on is null and days_after_plan > 0 then 'overdue'
        when reached_on is null then 'ahead'
        when days_after_plan > 0 then 'reached_late'
        else 'reached'
    end as state
from dated
