-- Grain: group × subject. Meaning: the share of what remains that must be expected lost, on the as-of date.
with ahead as (
    select
        group_id,
        subject_code,
        sum(ordinary_minutes - cancelled_minutes + made_up_minutes) as remaining_minutes
    from {{ ref('group_subject_minutes') }}
    where is_ahead
    group by group_id, subject_code
)

select
    rate.school_year,
    rate.county_number,
    rate.school_id,
    rate.group_id,
    rate.subject_code,
    rate.past_lessons,
    rate.past_minutes,
    rate.lost_minutes,
    cast(coalesce(ahead.remaining_minutes, 0) as bigint) as remaining_minutes,
    rate.group_rate,
    rate.school_rate,
    rate.county_rate,
    rate.prior_lessons,
    rate.loss_rate
from {{ ref('group_subject_rate') }} as rate
left join ahead on rate.group_id = ahead.group_id and rate.subject_code = ahead.subject_code
where rate.cutoff_date = {{ as_of() }}
