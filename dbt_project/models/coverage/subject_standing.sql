-- Grain: student × school year × subject. Meaning: whether the student was ever in a group of the subject, whether
-- any of those groups has a lesson, and the loss rate of the groups that still have lessons ahead.
with taught as (
    select distinct group_id -- a group may be taught in several constellations
    from {{ ref('constellation_group') }}
),

still_member as (
    select
        school_year,
        student_key,
        group_id,
        max(end_date) > {{ as_of() }} as is_still_member
    from {{ ref('membership_span') }}
    group by school_year, student_key, group_id
)

select
    group_subject.school_year,
    group_subject.student_key,
    group_subject.subject_code,
    bool_or(taught.group_id is not null) as has_lesson,
    coalesce(
        sum(forecast.loss_rate * forecast.remaining_minutes)
        filter (where still_member.is_still_member)
        / nullif(sum(forecast.remaining_minutes) filter (where still_member.is_still_member), 0),
        0
    ) as loss_rate
from {{ ref('student_group_subject') }} as group_subject
left join taught on group_subject.group_id = taught.group_id
left join still_member
    on
        group_subject.school_year = still_member.school_year
        and group_subject.student_key = still_member.student_key
        and group_subject.group_id = still_member.group_id
left join {{ ref('group_subject_forecast') }} as forecast
    on group_subject.group_id = forecast.group_id and group_subject.subject_code = forecast.subject_code
group by group_subject.school_year, group_subject.student_key, group_subject.subject_code
