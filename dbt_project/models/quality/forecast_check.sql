-- Grain: cutoff × group × subject with lessons before and after the cutoff. Meaning: minutes forecast lost
-- between the cutoff and the as-of date, by what was known at the cutoff, beside those that were.
with later as (
    select
        cutoff.cutoff_date,
        cutoff.group_id,
        cutoff.subject_code,
        now.past_minutes - cutoff.past_minutes as minutes,
        now.lost_minutes - cutoff.lost_minutes as lost_minutes
    from {{ ref('group_subject_rate') }} as cutoff
    inner join {{ ref('group_subject_rate') }} as now
        on cutoff.group_id = now.group_id and cutoff.subject_code = now.subject_code
    where now.cutoff_date = {{ as_of() }} and cutoff.cutoff_date < {{ as_of() }}
)

select
    rate.cutoff_date,
    rate.school_year,
    rate.county_number,
    rate.group_id,
    rate.subject_code,
    later.minutes as later_minutes,
    later.lost_minutes,
    later.minutes * rate.loss_rate as lost_by_ours,
    later.minutes * rate.group_rate as lost_by_group_rate
from {{ ref('group_subject_rate') }} as rate
inner join later
    on
        rate.cutoff_date = later.cutoff_date
        and rate.group_id = later.group_id
        and rate.subject_code = later.subject_code
where rate.past_minutes > 0 and later.minutes > 0
