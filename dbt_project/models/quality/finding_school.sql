-- Grain: school × check. Meaning: schools whose figures are unknown, or rest on the timetable alone.
with confirmed as (
    select
        school_id,
        max(lesson_date) as newest_lesson,
        min(lesson_date) as oldest_lesson
    from {{ ref('lesson_fact') }}
    where not is_ahead
    group by school_id
    having bool_or(is_assumed) and not bool_or(status = 'held')
)

select
    'stale_extract' as check_code,
    school_id,
    '' as detail,
    cast(age_teaching_days as varchar) || ' teaching days' as example,
    cast(null as varchar) as batch_id,
    extracted_on as seen_on
from {{ ref('school') }}
where is_stale
union all
select
    'school_confirms_nothing' as check_code,
    school_id,
    '' as detail,
    cast(oldest_lesson as varchar) || ' – ' || cast(newest_lesson as varchar) as example,
    cast(null as varchar) as batch_id,
    oldest_lesson as seen_on
from confirmed
