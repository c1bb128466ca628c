-- Grain: school × school year. Meaning: was the school ready on the first school day? Groups with members that
-- day, those with a lesson and with a teacher in their first two weeks, and students in a group for every
-- subject they are due. Memberships count from the date they bear, also where they were registered later.
with group_ready as (
    select
        teaching_group.school_id,
        teaching_group.school_year,
        teaching_group.group_id,
        exists (
            select 1
            from {{ ref('stg_lesson_group') }} as lesson_group
            inner join {{ ref('lesson_fact') }} as lesson on lesson_group.lesson_id = lesson.lesson_id
            where
                lesson_group.group_id = teaching_group.group_id
                and lesson.lesson_date between first_day.first_day and first_day.first_day + 13
        ) as has_lesson,
        exists (
            select 1
            from {{ ref('stg_lesson_group') }} as lesson_group
            inner join {{ ref('lesson_fact') }} as lesson on lesson_group.lesson_id = lesson.lesson_id
            inner join {{ ref('stg_lesson_teacher') }} as teacher on lesson.lesson_id = teacher.lesson_id
            where
                lesson_group.group_id = teaching_group.group_id
                and lesson.lesson_date between first_day.first_day and first_day.first_day + 13
        ) as has_teacher
    from {{ ref('stg_teaching_group') }} as teaching_group
    inner join {{ ref('first_school_day') }} as first_day
        on teaching_group.school_id = first_day.school_id and teaching_group.school_year = first_day.school_year
    where exists (
        select 1
        from {{ ref('membership_span') }} as span
        where
            span.group_id = teaching_group.group_id
            and first_day.first_day between span.start_date and span.end_date
    )
),

group_total as (
    select
        school_id,
        school_year,
        count(*) as groups_on_first_day,
        count(*) filter (where has_lesson) as groups_with_lessons,
        count(*) filter (where has_teacher) as groups_with_teacher
    from group_ready
    group by school_id, school_year
),

due as (
    select
        student.school_id,
        subject.school_year,
        subject.student_key,
        subject.subject_code,
        bool_or(coalesce(first_day.first_day between span.start_date and span.end_date, false)) as in_group
    from {{ ref('student_subject') }} as subject
    inner join {{ ref('student_year') }} as student
        on subject.school_year = student.school_year and subject.student_key = student.student_key
    inner join {{ ref('entitled_enrolment') }} as enrolment on student.enrolment_id = enrolment.enrolment_id
    inner join {{ ref('first_school_day') }} as first_day
        on student.school_id = first_day.school_id and subject.school_year = first_day.school_year
    left join {{ ref('student_group_subject') }} as served
        on
            subject.school_year = served.school_year
            and subject.student_key = served.student_key
            and subject.subject_code = served.subject_code
    left join {{ ref('membership_span') }} as span
        on
            served.school_year = span.school_year
            and served.student_key = span.student_key
            and served.group_id = span.group_id
    where
        coalesce(subject.required_minutes, 1) > 0
        and enrolment.start_date <= first_day.first_day
    group by student.school_id, subject.school_year, subject.student_key, subject.subject_code
),

student_ready as (
    select
        school_id,
        school_year,
        student_key,
        bool_and(in_group) as has_every_subject
    from due
    group by school_id, school_year, student_key
),

student_total as (
    select
        school_id,
        school_year,
        count(*) as students,
        count(*) filter (where has_every_subject) as students_ready
    from student_ready
    group by school_id, school_year
)

select
    school.county_number,
    first_day.school_id,
    first_day.school_year,
    first_day.first_day,
    cast(coalesce(group_total.groups_on_first_day, 0) as integer) as groups_on_first_day,
    cast(coalesce(group_total.groups_with_lessons, 0) as integer) as groups_with_lessons,
    cast(coalesce(group_total.groups_with_teacher, 0) as integer) as groups_with_teacher,
    cast(coalesce(student_total.students, 0) as integer) as students,
    cast(coalesce(student_total.students_ready, 0) as integer) as students_ready
from {{ ref('first_school_day') }} as first_day
inner join {{ ref('school_now') }} as school on first_day.school_id = school.school_id
left join group_total
    on first_day.school_id = group_total.school_id and first_day.school_year = group_total.school_year
left join student_total
    on first_day.school_id = student_total.school_id and first_day.school_year = student_total.school_year
