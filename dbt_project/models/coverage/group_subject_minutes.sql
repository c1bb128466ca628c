-- Grain: group × subject × ISO week × month-end × is_ahead × is_fixed. Meaning: the lessons that serve the
-- subject, whole minutes each: all of the group's lessons, but of those that declare or name subjects
-- (fixed) only what they give this one. `counted_on` is the end of the lesson's month, though never later
-- than the as-of date for what is past: the cuts at which a forecast can be made, and checked.
with served as (
    select
        teaching_group.school_year,
        teaching_group.group_id,
        subject.subject_code,
        lesson.lesson_date,
        lesson.is_ordinary,
        lesson.is_cancelled,
        lesson.is_ahead,
        lesson.is_fixed,
        case when lesson.is_fixed then fixed.minutes else lesson.minutes end as minutes
    from {{ ref('stg_teaching_group') }} as teaching_group
    inner join {{ ref('stg_teaching_group_subject') }} as subject on teaching_group.group_id = subject.group_id
    inner join {{ ref('constellation_group') }} as taught on teaching_group.group_id = taught.group_id
    inner join {{ ref('lesson_fact') }} as lesson on taught.constellation_no = lesson.constellation_no
    left join {{ ref('lesson_fixed_share') }} as fixed
        on lesson.lesson_no = fixed.lesson_no and subject.subject_code = fixed.subject_code
),

dated as (
    select
        *,
        {{ week_start('lesson_date') }} as week_start,
        case
            when is_ahead then last_day(lesson_date)
            else least(last_day(lesson_date), {{ as_of() }})
        end as counted_on
    from served
    where minutes > 0
)

select
    school_year,
    group_id,
    subject_code,
    week_start,
    counted_on,
    is_ahead,
    is_fixed,
    cast(count(*) filter (where is_ordinary) as bigint) as ordinary_lessons,
    cast(coalesce(sum(minutes) filter (where is_ordinary), 0) as bigint) as ordinary_minutes,
    cast(coalesce(sum(minutes) filter (where is_ordinary and is_cancelled), 0) as bigint) as cancelled_minutes,
    cast(
        coalesce(sum(minutes) filter (where not is_ordinary and not is_cancelled), 0) as bigint
    ) as made_up_minutes
from dated
group by school_year, group_id, subject_code, week_start, counted_on, is_ahead, is_fixed
