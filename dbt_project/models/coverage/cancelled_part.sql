-- Grain: student × school year × cancelled ordinary lesson on a member day × subject. Meaning: what the
-- student lost in the subject by that cancellation; not on the student's exam days. Sums to the waterfall's
-- `cancelled`.
with member as (
    select
        span.school_year,
        span.student_key,
        span.group_id,
        lesson.lesson_id,
        lesson.minutes,
        lesson.is_declared or lesson.subject_code is not null as is_fixed
    from {{ ref('lesson_fact') }} as lesson
    inner join {{ ref('stg_lesson_group') }} as lesson_group on lesson.lesson_id = lesson_group.lesson_id
    inner join {{ ref('membership_span') }} as span
        on
            lesson_group.group_id = span.group_id
            and lesson.lesson_date between span.start_date and span.end_date
    where
        lesson.is_ordinary
        and lesson.is_cancelled
        and not exists (
            select 1
            from {{ ref('exam_lesson') }} as exam
            where
                exam.school_year = span.school_year
                and exam.student_key = span.student_key
                and exam.lesson_id = lesson.lesson_id
        )
),

served as (
    select distinct -- two groups of a lesson may serve one subject
        member.school_year,
        member.student_key,
        member.lesson_id,
        member.minutes,
        subject.subject_code,
        subject.curriculum_minutes
    from member
    inner join {{ ref('student_group_subject') }} as subject
        on
            member.school_year = subject.school_year
            and member.student_key = subject.student_key
            and member.group_id = subject.group_id
    where not member.is_fixed
),

weighted as (
    select
        *,
        {{ split_weight('curriculum_minutes', 'school_year, student_key, lesson_id') }} as weight
    from served
),

shared as (
    {{ share_out('weighted', 'minutes', 'weight', 'school_year, student_key, lesson_id') }}
),

fixed_pair as (
    select distinct -- the student may be in two groups of the lesson
        school_year,
        student_key,
        lesson_id
    from member
    where is_fixed
),

every_part as (
    select
        school_year,
        student_key,
        lesson_id,
        subject_code,
        share as minutes
    from shared
    union all
    select
        pair.school_year,
        pair.student_key,
        pair.lesson_id,
        fixed.subject_code,
        fixed.minutes
    from fixed_pair as pair
    inner join {{ ref('lesson_fixed_share') }} as fixed on pair.lesson_id = fixed.lesson_id
    inner join {{ ref('student_subject') }} as due
        on
            pair.school_year = due.school_year
            and pair.student_key = due.student_key
            and fixed.subject_code = due.subject_code
)

select
    part.school_year,
    part.student_key,
    part.lesson_id,
    part.subject_code,
    lesson.lesson_date,
    lesson.cause,
    part.minutes
from every_part as part
inner join {{ ref('lesson_fact') }} as lesson on part.lesson_id = lesson.lesson_id
where part.minutes > 0
