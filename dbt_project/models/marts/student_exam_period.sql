-- Grain: one exam period of an entitled enrolment. Meaning: days on which cancelled lessons count as given.
select
    enrolment.school_year,
    student.county_number,
    student.school_id,
    enrolment.student_key,
    exam.enrolment_id,
    exam.kind,
    exam.start_date,
    exam.end_date
from {{ ref('stg_exam_period') }} as exam
inner join {{ ref('entitled_enrolment') }} as enrolment on exam.enrolment_id = enrolment.enrolment_id
inner join {{ ref('student_year') }} as student
    on enrolment.school_year = student.school_year and enrolment.student_key = student.student_key
