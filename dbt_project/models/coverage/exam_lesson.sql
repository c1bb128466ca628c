-- Grain: student × school year × ordinary cancelled lesson on a day the student sits or prepares for an exam.
-- Meaning: lessons that count as given although nobody taught them.
select distinct -- exam periods may overlap, and a lesson may serve two of the student's groups
    exam_day.school_year,
    exam_day.student_key,
    lesson.lesson_id
from (
    select
        enrolment.school_year,
        enrolment.student_key,
        exam.start_date,
        exam.end_date
    from {{ ref('stg_exam_period') }} as exam
    inner join {{ ref('entitled_enrolment') }} as enrolment on exam.enrolment_id = enrolment.enrolment_id
) as exam_day
inner join {{ ref('membership_span') }} as span
    on
        exam_day.school_year = span.school_year
        and exam_day.student_key = span.student_key
        and span.start_date <= exam_day.end_date
        and span.end_date >= exam_day.start_date
inner join {{ ref('stg_lesson_group') }} as lesson_group on span.group_id = lesson_group.group_id
inner join {{ ref('lesson_fact') }} as lesson
    on
        lesson_group.lesson_id = lesson.lesson_id
        and lesson.lesson_date between exam_day.start_date and exam_day.end_date
        and lesson.lesson_date between span.start_date and span.end_date
where lesson.is_ordinary and lesson.is_cancelled
