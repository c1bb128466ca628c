-- Grain: school × milestone. Meaning: when each milestone was planned and reached at a school. What a county
-- states for all its schools holds for those that lay in it on the planned day, unless the school has a row
-- of its own.
with stated as (
    select
        school.school_id,
        milestone.milestone,
        milestone.county_number,
        milestone.planned_on,
        milestone.actual_on,
        milestone.school_id <> '*' as is_own
    from {{ ref('stg_milestone') }} as milestone
    inner join {{ ref('school_in_county') }} as school
        on
            milestone.county_number = school.county_number
            and milestone.school_id in ('*', school.school_id)
            and (
                milestone.school_id <> '*'
                or milestone.planned_on between school.first_day and school.last_day
            )
)

select
    school_id,
    milestone,
    county_number,
    planned_on,
    case when actual_on <= {{ as_of() }} then actual_on end as reached_on
from stated
qualify row_number() over (partition by school_id, milestone order by is_own desc, planned_on, county_number) = 1
