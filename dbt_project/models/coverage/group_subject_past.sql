-- Grain: cutoff × group × subject. Meaning: what lay behind the group in the subject at each month-end of
-- its school year and on the as-of date: ordinary lessons and minutes, and those lost (cancelled and not
-- made up).
with cutoff as (
    select
        school_year,
        counted_on as cutoff_date
    from {{ ref('group_subject_minutes') }}
    where not is_ahead
    union -- one row per school year and cutoff
    select
        school_year,
        {{ as_of() }} as cutoff_date
    from {{ ref('stg_teaching_group') }}
),

monthly as (
    select
        group_id,
        subject_code,
        counted_on,
        sum(ordinary_lessons) as lessons,
        sum(ordinary_minutes) as minutes,
        sum(cancelled_minutes) as cancelled_minutes,
        sum(made_up_minutes) as made_up_minutes
    from {{ ref('group_subject_minutes') }}
    where not is_ahead
    group by group_id, subject_code, counted_on
),

group_subject as (
    select
        teaching_group.school_year,
        school.county_number,
        teaching_group.school_id,
        teaching_group.group_id,
        subject.subject_code
    from {{ ref('stg_teaching_group') }} as teaching_group
    inner join {{ ref('stg_teaching_group_subject') }} as subject on teaching_group.group_id = subject.group_id
    left join {{ ref('school_now') }} as school on teaching_group.school_id = school.school_id
),

until_cutoff as (
    select
        cutoff.cutoff_date,
        group_subject.school_year,
        group_subject.county_number,
        group_subject.school_id,
        group_subject.group_id,
        group_subject.subject_code,
        cast(coalesce(sum(monthly.lessons), 0) as bigint) as past_lessons,
        cast(coalesce(sum(monthly.minutes), 0) as bigint) as past_minutes,
        cast(coalesce(sum(monthly.cancelled_minutes), 0) as bigint) as cancelled_minutes,
        cast(coalesce(sum(monthly.made_up_minutes), 0) as bigint) as made_up_minutes
    from group_subject
    inner join cutoff on group_subject.school_year = cutoff.school_year
    left join monthly
        on
            group_subject.group_id = monthly.group_id
            and group_subject.subject_code = monthly.subject_code
            and cutoff.cutoff_date >= monthly.counted_on
    group by
        cutoff.cutoff_date, group_subject.school_year, group_subject.county_number, group_subject.school_id,
        group_subject.group_id, group_subject.subject_code
)

select
    *,
    least(greatest(cancelled_minutes - made_up_minutes, 0), past_minutes) as lost_minutes
from until_cutoff
