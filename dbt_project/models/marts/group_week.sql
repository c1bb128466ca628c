-- Grain: group × ISO week. Meaning: the group's lessons of the week by what became of them. A lesson that
-- serves several groups stands whole under each.
{%- set group_week_kinds = [
    'scheduled', 'held', 'cancelled', 'made_up', 'substitute', 'merged', 'supervised', 'self_study', 'assumed',
    'remaining'
] %}
with of_constellation as (
    select
        constellation_no,
        {{ week_start('lesson_date') }} as week_start,
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
    from {{ ref('lesson_fact') }}
    where constellation_no is not null
    group by constellation_no, week_start
),

week as (
    select
        taught.group_id,
        of_constellation.week_start,
        {% for kind in group_week_kinds -%}
        sum(of_constellation.{{ kind }}) as {{ kind }}{{ "," if not loop.last }}
        {% endfor %}
    from of_constellation
    inner join {{ ref('constellation_group') }} as taught on of_constellation.constellation_no = taught.constellation_no
    group by taught.group_id, of_constellation.week_start
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
    teaching_group.school_year,
    school.county_number,
    teaching_group.school_id,
    week.group_id,
    {{ iso_week('week.week_start') }},
    {% for kind in group_week_kinds -%}
    cast(coalesce(week.{{ kind }}, 0) as integer) as {{ kind }}_minutes,
    {% endfor -%}
    cast(coalesce(member.members, 0) as integer) as members
from week
inner join {{ ref('stg_teaching_group') }} as teaching_group on week.group_id = teaching_group.group_id
left join {{ ref('school_now') }} as school on teaching_group.school_id = school.school_id
left join member on week.group_id = member.group_id and week.week_start = member.week_start
