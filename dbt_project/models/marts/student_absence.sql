-- Grain: student × school year × lesson × subject × code × stage. Meaning: minutes of absence as they were
-- counted; the code `!` is diverted, not absence.
select
    taken.school_year,
    student.county_number,
    student.school_id,
    taken.student_key,
    taken.lesson_id,
    taken.lesson_date,
    taken.period,
    taken.subject_code,
    taken.absence_code,
    taken.stage,
    cast(taken.minutes as integer) as minutes
from {{ ref('absence_taken') }} as taken
inner join {{ ref('student_year') }} as student
    on taken.school_year = student.school_year and taken.student_key = student.student_key
