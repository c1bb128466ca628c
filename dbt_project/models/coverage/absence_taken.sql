{{ config(materialized='view') }}
-- Grain: student × school year × lesson × subject × code × stage. Meaning: minutes of absence taken from lessons the
-- student was offered; `!` is diverted, the school had the student elsewhere.
select
    student.school_year,
    student.student_key,
    taken.student_no,
    lesson.lesson_id,
    taken.lesson_no,
    taken.subject_code,
    taken.absence_code,
    taken.stage,
    taken.lesson_date,
    taken.period,
    taken.is_substitute,
    taken.is_assumed,
    taken.minutes
from {{ ref('absence_taken_numbered') }} as taken
inner join {{ ref('student_year') }} as student on taken.student_no = student.student_no
inner join {{ ref('lesson_fact') }} as lesson on taken.lesson_no = lesson.lesson_no
