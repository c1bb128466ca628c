-- Grain: group × subject with students short or at risk. Meaning: the recovery list: how many lessons to
-- add for the group, whom that helps, and where it helps most per lesson added.
with named as (
    select
        teaching_group.school_year,
        teaching_group.county_number,
        teaching_group.school_id,
        choice.group_id,
        teaching_group.name as group_name,
        choice.subject_code,
        subject.name as subject_name,
        choice.lesson_minutes,
        choice.lessons_to_add,
        choice.minutes_to_add,
        choice.students_missing,
        choice.students_lifted,
        choice.student_minutes_recovered,
        choice.student_minutes_recovered / cast(choice.lessons_to_add as double) as minutes_per_lesson
    from {{ ref('recovery_choice') }} as choice
    inner join {{ ref('teaching_group') }} as teaching_group on choice.group_id = teaching_group.group_id
    left join {{ ref('subject') }} as subject on choice.subject_code = subject.subject_code
)

select
    school_year,
    county_number,
    school_id,
    group_id,
    group_name,
    subject_code,
    subject_name,
    cast(lesson_minutes as integer) as lesson_minutes,
    cast(lessons_to_add as integer) as lessons_to_add,
    cast(minutes_to_add as integer) as minutes_to_add,
    cast(students_missing as integer) as students_missing,
    cast(students_lifted as integer) as students_lifted,
    cast(student_minutes_recovered as integer) as student_minutes_recovered,
    round(minutes_per_lesson, 1) as minutes_per_lesson_added,
    cast(row_number() over (
        partition by school_year, county_number
        order by minutes_per_lesson desc, students_lifted desc, group_id, subject_code
    ) as integer) as rank_in_county,
    cast(row_number() over (
        partition by school_year, school_id
        order by minutes_per_lesson desc, students_lifted desc, group_id, subject_code
    ) as integer) as rank_in_school
from named
