-- Grain: one lesson that serves a group. Meaning: the constellation it belongs to, i.e. the set of groups that
-- are taught together in it. Students in the same groups of a constellation get the same from its lessons.
with constellation as (
    select
        lesson_id,
        string_agg(group_id, '|' order by group_id) as constellation_key
    from {{ ref('stg_lesson_group') }}
    group by lesson_id
)

select
    constellation.constellation_key,
    lesson.lesson_id,
    lesson.lesson_date,
    lesson.period,
    lesson.minutes,
    lesson.is_declared or lesson.subject_code is not null as is_fixed,
    {{ counted_minutes_flags('lesson') }}
from constellation
inner join {{ ref('lesson_fact') }} as lesson on constellation.lesson_id = lesson.lesson_id
