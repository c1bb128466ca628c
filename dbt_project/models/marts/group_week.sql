-- Grain: group × ISO week. Meaning: the group's lessons of the week by what became of them. A lesson that
-- serves several groups stands whole under each.
with lesson as (
    select
        *,
        {{ week_start('lesson_date') }} as week_start,
        replaces_lesson_id is null as is_ordinary
    from {{ ref('group_lesson') }}
),

week as (
    select
        school_year,
        county_number,
        school_id,
        group_id,
        week_start,
        sum(minutes) filter (where is_ordinary) as scheduled,
        sum(minutes) filter (where is_ordinary and not is_cancelled and not is_ahead) as held,
        sum(minutes) filter (where is_ordinary and is_cancelled) as cancelled,
        sum(minutes) filter (where not is_ordinary and not is_cancelled) as made_up,
        sum(minutes) filter (where cover = 'substitute' and not is_cancelled and not is_ahead) as substitute,
        sum(minutes) filter (where cover = 'merged' and not is_cancelled and not is_ahead) as merged,
        sum(minutes) filter (where cover = 'supervised') as supervised,
        sum(minutes) filter (where cover = 'self_study') as self_study,
        sum(minutes) filter (where is_assumed) as assumed,
        sum(minutes) filter (where is_ahead and not is_cancelled) as remaining
    from lesson
    group by school_year, county_number, school_id, group_id, week_start
),

member as (
    select
        week.group_id,
        week.week_start,
        sum(span.students) as members
    from week
    inner join {{ ref('group_member') }} as span
        on week.group_id = span.group_id and week.week_start between span.first_week and span.last_week
    group by week.group_id, week.week_start
)

select
    week.school_year,
    week.county_number,
    week.school_id,
    week.group_id,
    {{ iso_week('week.week_start') }},
    {% for kind in [
        'scheduled', 'held', 'cancelled', 'made_up', 'substitute', 'merged', 'supervised', 'self_study', 'assumed',
        'remaining'
    ] -%}
    cast(coalesce(week.{{ kind }}, 0) as integer) as {{ kind }}_minutes,
    {% endfor -%}
    cast(coalesce(member.members, 0) as integer) as members
from week
left join member on week.group_id = member.group_id and week.week_start = member.week_start
