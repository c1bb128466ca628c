-- Grain: one lesson. Meaning: its local date, whole minutes, what the as-of date makes of it, and its constellation, i.e.
-- the set of groups that are taught together in it: students in the same groups of one get the same from its
-- lessons. A lesson led as supervised or self-study is treated as cancelled, whatever its status. `lesson_no` and
-- `constellation_no` number within this build.
with lesson as (
    select
        lesson_id,
        school_id,
        starts_at,
        ends_at,
        status,
        cover,
        replaces_lesson_id,
        subject_code,
        cause,
        cast(row_number() over () as integer) as lesson_no,
        {{ minutes_between('starts_at', 'ends_at') }} as minutes,
        status = 'cancelled' or coalesce(cover in ('supervised', 'self_study'), false) as is_cancelled
    from {{ ref('stg_lesson') }}
),

-- Many lessons start at one moment: its local date and half-year are found once.
day as (
    select
        starts_at,
        lesson_date,
        {{ half_year('lesson_date') }} as period,
        lesson_date > {{ as_of() }} as is_ahead
    from (
        select
            starts_at,
            {{ local_date('starts_at') }} as lesson_date
        from (select distinct starts_at from {{ ref('stg_lesson') }})
    )
),

declared as (
    select distinct lesson_id -- one flag per lesson with shares
    from {{ ref('stg_lesson_subject') }}
),

served as (
    select
        lesson.lesson_no,
        teaching_group.group_no
    from lesson
    inner join {{ ref('stg_lesson_group') }} as lesson_group on lesson.lesson_id = lesson_group.lesson_id
    inner join {{ ref('taught_group') }} as teaching_group on lesson_group.group_id = teaching_group.group_id
),

serving as (
    select
        lesson_no,
        count(*) as groups,
        min(group_no) as group_no
    from served
    group by lesson_no
),

joint as (
    select
        lesson_no,
        list_sort(list(group_no)) as group_nos
    from served
    where lesson_no in (select lesson_no from serving where groups > 1)
    group by lesson_no
),

-- A group alone is its own constellation; those taught jointly are numbered downwards.
joint_constellation as (
    select
        lesson_no,
        cast(-dense_rank() over (order by group_nos) as integer) as constellation_no
    from joint
)

select
    lesson.lesson_id,
    lesson.lesson_no,
    coalesce(joint_constellation.constellation_no, serving.group_no) as constellation_no,
    lesson.school_id,
    lesson.starts_at,
    lesson.ends_at,
    day.lesson_date,
    lesson.minutes,
    lesson.status,
    lesson.cover,
    lesson.replaces_lesson_id,
    lesson.subject_code,
    lesson.cause,
    day.period,
    lesson.replaces_lesson_id is null as is_ordinary,
    lesson.is_cancelled,
    day.is_ahead,
    lesson.status = 'timetabled' and not lesson.is_cancelled and not day.is_ahead as is_assumed,
    coalesce(lesson.cover = 'substitute', false) and not lesson.is_cancelled and not day.is_ahead as is_substitute,
    declared.lesson_id is not null as is_declared,
    declared.lesson_id is not null or lesson.subject_code is not null as is_fixed
from lesson
inner join day on lesson.starts_at = day.starts_at
left join declared on lesson.lesson_id = declared.lesson_id
left join serving on lesson.lesson_no = serving.lesson_no
left join joint_constellation on lesson.lesson_no = joint_constellation.lesson_no
