-- Grain: group × subject that some member is due. Meaning: where a student who follows the group all year
-- will land: the plan's margin, the forecast, and what the timetable gives a week against what it must give
-- from now on.
with usual_minutes as (
    select
        lesson.group_id,
        lesson.subject_code,
        lesson.is_ahead,
        {% for kind in ['ordinary', 'cancelled', 'made_up'] -%}
        case
            when lesson.is_fixed then lesson.{{ kind }}_minutes
            else {{ usual_part('lesson.' ~ kind ~ '_minutes', 'usual') }}
        end as {{ kind }}_minutes{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref('group_subject_minutes') }} as lesson
    inner join {{ ref('group_subject_usual') }} as usual
        on lesson.group_id = usual.group_id and lesson.subject_code = usual.subject_code
),

total as (
    select
        group_id,
        subject_code,
        sum(ordinary_minutes) as scheduled,
        coalesce(sum(ordinary_minutes) filter (where not is_ahead), 0) as past,
        sum(cancelled_minutes) as cancelled,
        sum(made_up_minutes) as made_up,
        coalesce(
            sum(ordinary_minutes - cancelled_minutes + made_up_minutes) filter (where is_ahead), 0
        ) as remaining
    from usual_minutes
    group by group_id, subject_code
),

week_left as (
    select
        school_year,
        school_id,
        count(distinct week_start) as weeks_left
    from {{ ref('group_week') }}
    where remaining_minutes > 0
    group by school_year, school_id
),

member as (
    select
        subject.group_id,
        subject.subject_code,
        count(*) as members
    from {{ ref('student_group_subject') }} as subject
    inner join {{ ref('membership_span') }} as span
        on
            subject.school_year = span.school_year
            and subject.student_key = span.student_key
            and subject.group_id = span.group_id
    where {{ as_of() }} between span.start_date and span.end_date
    group by subject.group_id, subject.subject_code
),

standing as (
    select
        teaching_group.school_year,
        teaching_group.county_number,
        teaching_group.school_id,
        teaching_group.group_id,
        teaching_group.name as group_name,
        usual.subject_code,
        subject.name as subject_name,
        coalesce(member.members, 0) as members,
        usual.required_minutes as required,
        coalesce(total.scheduled, 0) as scheduled,
        coalesce(total.past, 0) as past,
        coalesce(total.cancelled, 0) as cancelled,
        coalesce(total.made_up, 0) as made_up,
        coalesce(total.remaining, 0) as remaining,
        coalesce(total.scheduled - total.cancelled + total.made_up - total.remaining, 0) as offered,
        coalesce(forecast.loss_rate, 0) as loss_rate,
        coalesce(week_left.weeks_left, 0) as weeks_left,
        total.scheduled is not null and not coalesce(freshness.is_stale, false) as is_known
    from {{ ref('group_subject_usual') }} as usual
    inner join {{ ref('teaching_group') }} as teaching_group on usual.group_id = teaching_group.group_id
    left join {{ ref('subject') }} as subject on usual.subject_code = subject.subject_code
    left join total on usual.group_id = total.group_id and usual.subject_code = total.subject_code
    left join member on usual.group_id = member.group_id and usual.subject_code = member.subject_code
    left join {{ ref('group_subject_forecast') }} as forecast
        on usual.group_id = forecast.group_id and usual.subject_code = forecast.subject_code
    left join week_left
        on teaching_group.school_id = week_left.school_id and teaching_group.school_year = week_left.school_year
    left join {{ ref('school_freshness') }} as freshness
        on teaching_group.school_id = freshness.school_id and teaching_group.school_year = freshness.school_year
),

projected as (
    select
        *,
        offered + {{ expected_minutes('remaining', 'loss_rate') }} as projected
    from standing
)

select
    school_year,
    county_number,
    school_id,
    group_id,
    group_name,
    subject_code,
    subject_name,
    cast(members as integer) as members,
    cast(required as integer) as required_minutes,
    cast(scheduled as integer) as scheduled_minutes,
    cast(past as integer) as past_minutes,
    cast(cancelled as integer) as cancelled_minutes,
    cast(made_up as integer) as made_up_minutes,
    cast(remaining as integer) as remaining_minutes,
    cast(projected as integer) as projected_minutes,
    round(scheduled / cast(nullif(required, 0) as double), 4) as plan_margin,
    loss_rate,
    cast(weeks_left as integer) as weeks_left,
    cast(round(remaining / cast(nullif(weeks_left, 0) as double)) as integer) as weekly_minutes_planned,
    cast(
        ceil(greatest(required - offered, 0) / nullif((1 - loss_rate) * weeks_left, 0)) as integer
    ) as weekly_minutes_needed,
    {{ status_of('is_known', 'required', 'offered', 'remaining', 'projected') }} as status
from projected
