-- Grain: lesson × check. Meaning: lessons that count for nobody, twice, or with nobody known to have led
-- them.
with without_group as (
    select
        'lesson_without_group' as check_code,
        lesson_id,
        '' as detail
    from {{ ref('lesson_fact') }}
    where constellation_no is null
),

without_teacher as (
    select
        'lesson_without_teacher' as check_code,
        lesson_id,
        '' as detail
    from {{ ref('lesson_fact') }}
    where
        not is_ahead
        and not is_cancelled
        and lesson_id not in (select lesson_id from {{ ref('stg_lesson_teacher') }})
),

in_order as (
    select
        lesson.lesson_id,
        lesson.starts_at < max(lesson.ends_at) over (
            partition by taught.group_id
            order by lesson.starts_at, lesson.lesson_id
            rows between unbounded preceding and 1 preceding
        ) as is_overlapping
    from {{ ref('constellation_group') }} as taught
    inner join {{ ref('lesson_fact') }} as lesson on taught.constellation_no = lesson.constellation_no
    where not lesson.is_cancelled
),

overlapping as (
    select distinct -- a lesson may overlap for several of its groups
        'lesson_overlap' as check_code,
        lesson_id,
        '' as detail
    from in_order
    where is_overlapping
),

fixed_group as (
    select
        fixed.lesson_id,
        fixed.subject_code,
        lesson_group.group_id
    from {{ ref('lesson_fixed_share') }} as fixed
    inner join {{ ref('stg_lesson_group') }} as lesson_group on fixed.lesson_id = lesson_group.lesson_id
),

due_in_group as (
    select distinct -- some member is enough
        wanted.group_id,
        wanted.subject_code
    from (
        select distinct -- one look per group and subject
            group_id,
            subject_code
        from fixed_group
    ) as wanted
    inner join {{ ref('membership_span') }} as span on wanted.group_id = span.group_id
    inner join {{ ref('student_subject') }} as due
        on
            span.school_year = due.school_year
            and span.student_key = due.student_key
            and wanted.subject_code = due.subject_code
),

nobody_has as (
    select
        'lesson_subject_nobody_has' as check_code,
        fixed_group.lesson_id,
        fixed_group.subject_code as detail
    from fixed_group
    left join due_in_group
        on
            fixed_group.group_id = due_in_group.group_id
            and fixed_group.subject_code = due_in_group.subject_code
    group by fixed_group.lesson_id, fixed_group.subject_code
    having count(due_in_group.group_id) = 0
),

every_finding as (
    select * from without_group
    union all
    select * from without_teacher
    union all
    select * from overlapping
    union all
    select * from nobody_has
)

select
    finding.check_code,
    lesson.school_id,
    finding.detail,
    {{ hidden_id('finding.lesson_id') }} || ', ' || cast(lesson.lesson_date as varchar) as example,
    landed.batch_id,
    cast(null as date) as seen_on
from every_finding as finding
inner join {{ ref('lesson_fact') }} as lesson on finding.lesson_id = lesson.lesson_id
inner join {{ ref('stg_lesson') }} as landed on finding.lesson_id = landed.lesson_id
