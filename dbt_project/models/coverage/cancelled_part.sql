{{ config(materialized='view') }}
-- Grain: student × stretch of days × subject × lesson date × cause, and once more, negative, what was cancelled on the
-- student's exam days. Meaning: what the student lost in the subject by cancellation. Sums to the waterfall's `cancelled`.
select
    stretch.student_no,
    total.subject_code,
    total.lesson_date,
    total.cause,
    total.minutes
from {{ ref('student_stretch') }} as stretch
inner join {{ ref('cancelled_total') }} as total
    on
        stretch.constellation_no = total.constellation_no
        and stretch.first_date = total.first_date
        and stretch.last_date = total.last_date
        and stretch.split_no = total.split_no
where stretch.taken_for is null
union all
select
    stretch.student_no,
    total.subject_code,
    total.lesson_date,
    total.cause,
    total.minutes
from {{ ref('student_stretch') }} as stretch
inner join {{ ref('cancelled_total') }} as total
    on
        stretch.constellation_no = total.constellation_no
        and stretch.first_date = total.first_date
        and stretch.last_date = total.last_date
inner join {{ ref('student_subject') }} as due
    on stretch.student_no = due.student_no and total.subject_code = due.subject_code
where stretch.taken_for is null and total.split_no is null
union all
select
    student_no,
    subject_code,
    lesson_date,
    cause,
    -minutes as minutes
from {{ ref('exam_part') }}
