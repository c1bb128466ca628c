-- Grain: school × format × topic. Meaning: how many trainings were given, how many are due and not completed,
-- and how those who were trained rated it. Counts trainings, never names who took them.
with training as (
    select
        school_id,
        format,
        topic,
        due_on,
        rating,
        case when completed_on <= {{ as_of() }} then completed_on end as completed_on
    from {{ ref('stg_training') }}
)

select
    school.county_number,
    training.school_id,
    training.format,
    training.topic,
    cast(count(*) as integer) as trainings,
    cast(count(training.completed_on) as integer) as completed,
    cast(
        count(*) filter (where training.completed_on is null and training.due_on < {{ as_of() }}) as integer
    ) as overdue,
    cast(count(*) filter (where training.completed_on > training.due_on) as integer) as completed_late,
    cast(count(training.rating) filter (where training.completed_on is not null) as integer) as ratings,
    cast(
        coalesce(sum(training.rating) filter (where training.completed_on is not null), 0) as integer
    ) as rating_sum
from training
inner join {{ ref('school_now') }} as school on training.school_id = school.school_id
group by school.county_number, training.school_id, training.format, training.topic
