-- Grain: student × school year × lesson (of student_lesson, on a member day) × subject. Meaning: the whole minutes
-- of the lesson that count for the student in the subject; the parts of a split lesson sum to the lesson.
with attended_group as (
    select
        student.school_year,
        student.student_key,
        student.lesson_id,
        student.is_individual,
        student.is_exam,
        lesson_group.group_id,
        lesson.minutes,
        lesson.is_fixed
    from {{ ref('student_lesson') }} as student
    inner join {{ ref('constellation_lesson') }} as lesson on student.lesson_id = lesson.lesson_id
    inner join {{ ref('stg_lesson_group') }} as lesson_group on student.lesson_id = lesson_group.lesson_id
    inner join {{ ref('membership_span') }} as span
        on
            student.school_year = span.school_year
            and student.student_key = span.student_key
            and lesson_group.group_id = span.group_id
            and lesson.lesson_date between span.start_date and span.end_date
),

-- Where all a student's subjects of a group are one, and nobody else is in the lesson, there is nothing to split.
only_subject as (
    select
        school_year,
        student_key,
        group_id,
        any_value(subject_code) as subject_code,
        count(*) as subjects
    from {{ ref('student_group_subject') }}
    group by school_year, student_key, group_id
),

lone_group as (
    select
        group_id,
        bool_and(is_lone) as is_lone
    from (
        select
            group_id,
            count(*) over (partition by lesson_id) = 1 as is_lone
        from {{ ref('stg_lesson_group') }}
    )
    group by group_id
),

unsplit as (
    select
        member.school_year,
        member.student_key,
        member.lesson_id,
        only_subject.subject_code,
        member.minutes,
        member.is_individual,
        member.is_exam
    from attended_group as member
    inner join lone_group on member.group_id = lone_group.group_id
    inner join only_subject
        on
            member.school_year = only_subject.school_year
            and member.student_key = only_subject.student_key
            and member.group_id = only_subject.group_id
    where not member.is_fixed and lone_group.is_lone and only_subject.subjects = 1
),

served as (
    select
        member.school_year,
        member.student_key,
        member.lesson_id,
        member.is_individual,
        member.is_exam,
        member.minutes,
        subject.subject_code,
        any_value(subject.curriculum_minutes) as curriculum_minutes
    from attended_group as member
    inner join lone_group on member.group_id = lone_group.group_id
    inner join only_subject
        on
            member.school_year = only_subject.school_year
            and member.student_key = only_subject.student_key
            and member.group_id = only_subject.group_id
    inner join {{ ref('student_group_subject') }} as subject
        on
            member.school_year = subject.school_year
            and member.student_key = subject.student_key
            and member.group_id = subject.group_id
    where not member.is_fixed and not (lone_group.is_lone and only_subject.subjects = 1)
    group by
        member.school_year, member.student_key, member.lesson_id, member.is_individual, member.is_exam,
        member.minutes, subject.subject_code
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
    select distinct -- the student may be in two groups of the lesson, and is taught once
        school_year,
        student_key,
        lesson_id,
        is_individual,
        is_exam
    from attended_group
    where is_fixed
)

select * from unsplit
union all
select
    school_year,
    student_key,
    lesson_id,
    subject_code,
    share as minutes,
    is_individual,
    is_exam
from shared
union all
select
    pair.school_year,
    pair.student_key,
    pair.lesson_id,
    fixed.subject_code,
    fixed.minutes,
    pair.is_individual,
    pair.is_exam
from fixed_pair as pair
inner join {{ ref('lesson_fixed_share') }} as fixed on pair.lesson_id = fixed.lesson_id
inner join {{ ref('student_subject') }} as due
    on
        pair.school_year = due.school_year
        and pair.student_key = due.student_key
        and fixed.subject_code = due.subject_code
