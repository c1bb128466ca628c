-- Grain: student × ordinary cancelled lesson on a day the student sits or prepares for an exam × subject. Meaning: minutes
-- that count as given (or remain, where they lie ahead) although nobody will have taught them.
with exam_day as (
    select
        enrolment.student_no,
        exam.start_date,
        exam.end_date
    from {{ ref('stg_exam_period') }} as exam
    inner join {{ ref('entitled_enrolment') }} as enrolment on exam.enrolment_id = enrolment.enrolment_id
),

exam_lesson as (
    select distinct -- exam periods may overlap
        exam_day.student_no,
        stretch.split_no,
        lesson.lesson_no,
        lesson.lesson_date,
        lesson.period,
        lesson.minutes,
        lesson.cause,
        lesson.is_ahead,
        lesson.is_fixed
    from exam_day
    inner join {{ ref('student_stretch') }} as stretch
        on
            exam_day.student_no = stretch.student_no
            and exam_day.start_date <= stretch.last_date
            and exam_day.end_date >= stretch.first_date
    inner join {{ ref('lesson_fact') }} as lesson
        on
            stretch.constellation_no = lesson.constellation_no
            and lesson.lesson_date between stretch.first_date and stretch.last_date
            and lesson.lesson_date between exam_day.start_date and exam_day.end_date
    where stretch.taken_for is null and lesson.is_ordinary and lesson.is_cancelled
)

select
    exam_lesson.student_no,
    exam_lesson.lesson_no,
    part.subject_code,
    exam_lesson.lesson_date,
    exam_lesson.period,
    exam_lesson.cause,
    exam_lesson.is_ahead,
    part.share as minutes
from exam_lesson
inner join {{ ref('split_share') }} as part
    on exam_lesson.split_no = part.split_no and exam_lesson.minutes = part.minutes
where not exam_lesson.is_fixed
union all
select
    exam_lesson.student_no,
    exam_lesson.lesson_no,
    fixed.subject_code,
    exam_lesson.lesson_date,
    exam_lesson.period,
    exam_lesson.cause,
    exam_lesson.is_ahead,
    fixed.minutes
from exam_lesson
inner join {{ ref('lesson_fixed_share') }} as fixed on exam_lesson.lesson_no = fixed.lesson_no
inner join {{ ref('student_subject') }} as due
    on exam_lesson.student_no = due.student_no and fixed.subject_code = due.subject_code
where exam_lesson.is_fixed
