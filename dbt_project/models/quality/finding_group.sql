-- Grain: group with members × check. Meaning: groups whose members cannot be judged by them.
with peopled as (
    select distinct -- one member is enough
        group_id
    from {{ ref('membership_span') }}
),

without as (
    select
        'group_without_lessons' as check_code,
        group_id
    from peopled
    where group_id not in (select group_id from {{ ref('stg_lesson_group') }})
    union all
    select
        'group_without_subject' as check_code,
        group_id
    from peopled
    where group_id not in (select group_id from {{ ref('stg_teaching_group_subject') }})
)

select
    without.check_code,
    teaching_group.school_id,
    '' as detail,
    {{ hidden_id('without.group_id') }} as example,
    teaching_group.batch_id,
    cast(null as date) as seen_on
from without
inner join {{ ref('stg_teaching_group') }} as teaching_group on without.group_id = teaching_group.group_id
