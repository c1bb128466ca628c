-- Grain: student × school year × lesson × subject. Meaning: minutes of ordinary lessons the student would have had in
-- the group joined next (or left last) on days in none of the subject's groups, unless the student is in that
-- very lesson through another group. Each subject takes the lesson by itself.
with group_span as (
    select
        lesson_group.group_id,
        min(lesson.lesson_date) as first_date,
        max(lesson.lesson_date) as last_date
    from {{ ref('stg_lesson_group') }} as lesson_group
    inner join {{ ref('lesson_fact') }} as lesson on lesson_group.lesson_id = lesson.lesson_id
    group by lesson_group.group_id
),

-- Most gaps lie before the first or after the last lesson and cost nothing.
gap as (
    select gap.*
    from {{ ref('membership_gap') }} as gap
    inner join group_span on gap.group_id = group_span.group_id
    where gap.first_date <= group_span.last_date and gap.last_date >= group_span.first_date
),

missed as (
    select
        gap.school_year,
        gap.student_key,
        gap.subject_code as taken_for,
        gap.group_id,
        lesson.lesson_id,
        lesson.lesson_date,
        lesson.period,
        lesson.minutes,
        lesson.is_declared or lesson.subject_code is not null as is_fixed
    from gap
    inner join {{ ref('stg_lesson_group') }} as lesson_group on gap.group_id = lesson_group.group_id
    inner join {{ ref('lesson_fact') }} as lesson
        on
            lesson_group.lesson_id = lesson.lesson_id
            and lesson.lesson_date between gap.first_date and gap.last_date
    where lesson.is_ordinary
),

not_there as (
    select missed.*
    from missed
    where not exists (
        select 1
        from {{ ref('stg_lesson_group') }} as lesson_group
        inner join {{ ref('membership_span') }} as span on lesson_group.group_id = span.group_id
        where
            lesson_group.lesson_id = missed.lesson_id
            and span.school_year = missed.school_year
            and span.student_key = missed.student_key
            and missed.lesson_date between span.start_date and span.end_date
    )
),

served as (
    select
        missed.school_year,
        missed.student_key,
        missed.taken_for,
        missed.lesson_id,
        missed.lesson_date,
        missed.period,
        missed.minutes,
        subject.subject_code,
        any_value(subject.curriculum_minutes) as curriculum_minutes
    from not_there as missed
    inner join {{ ref('student_group_subject') }} as subject
        on
            missed.school_year = subject.school_year
            and missed.student_key = subject.student_key
            and missed.group_id = subject.group_id
    where not missed.is_fixed
    group by
        missed.school_year, missed.student_key, missed.taken_for, missed.lesson_id, missed.lesson_date,
        missed.period, missed.minutes, subject.subject_code
),

weighted as (
    select
        *,
        {{ split_weight('curriculum_minutes', 'school_year, student_key, taken_for, lesson_id') }} as weight
    from served
),

shared as (
    {{ share_out('weighted', 'minutes', 'weight', 'school_year, student_key, taken_for, lesson_id') }}
),

fixed_missed as (
    select distinct -- tied groups of one lesson
        school_year,
        student_key,
        taken_for,
        lesson_id,
        lesson_date,
        period
    from not_there
    where is_fixed
)

select
    school_year,
    student_key,
    lesson_id,
    lesson_date,
    period,
    subject_code,
    share as minutes
from shared
where subject_code = taken_for
union all
select
    missed.school_year,
    missed.student_key,
    missed.lesson_id,
    missed.lesson_date,
    missed.period,
    fixed.subject_code,
    fixed.minutes
from fixed_missed as missed
inner join {{ ref('lesson_fixed_share') }} as fixed
    on missed.lesson_id = fixed.lesson_id and missed.taken_for = fixed.subject_code
