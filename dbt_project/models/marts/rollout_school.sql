-- Grain: school the plan concerns. Meaning: since the system came: months in use, support cases and training,
-- so that pilots can be held beside the others. Months count from the month after adoption, at least one.
with support as (
    select
        cases.school_id,
        count(*) as support_cases,
        count(*) filter (where cases.kind = 'error') as errors,
        count(cases.closed_on) as closed_cases
    from {{ ref('support_case_known') }} as cases
    inner join {{ ref('school_adoption') }} as adoption on cases.school_id = adoption.school_id
    where cases.opened_on >= adoption.adopted_on
    group by cases.school_id
),

training as (
    select
        school_id,
        sum(trainings) as trainings,
        sum(completed) as trained,
        sum(ratings) as ratings,
        sum(rating_sum) as rating_sum
    from {{ ref('training') }}
    group by school_id
)

select
    adoption.county_number,
    adoption.school_id,
    adoption.is_pilot,
    adoption.adopted_on,
    cast(
        case when adoption.adopted_on is not null then greatest(datediff('month', adoption.adopted_on, {{ as_of() }}), 1) end
        as integer
    ) as months_in_use,
    cast(coalesce(support.support_cases, 0) as integer) as support_cases,
    cast(coalesce(support.errors, 0) as integer) as errors,
    cast(coalesce(support.closed_cases, 0) as integer) as closed_cases,
    cast(coalesce(training.trainings, 0) as integer) as trainings,
    cast(coalesce(training.trained, 0) as integer) as trained,
    cast(coalesce(training.ratings, 0) as integer) as ratings,
    cast(coalesce(training.rating_sum, 0) as integer) as rating_sum
from {{ ref('school_adoption') }} as adoption
left join support on adoption.school_id = support.school_id
left join training on adoption.school_id = training.school_id
where adoption.planned_on is not null
