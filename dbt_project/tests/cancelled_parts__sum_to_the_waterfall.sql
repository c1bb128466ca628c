-- Causes and dates of cancellations are told from cancelled_part, the figures from the waterfall. A row
-- here means that the page would explain other minutes than it shows: a lesson was split differently in the
-- two.
with part as (
    select
        student_no,
        subject_code,
        sum(minutes) as minutes
    from {{ ref('cancelled_part') }}
    group by student_no, subject_code
)

select
    waterfall.school_year,
    waterfall.student_key,
    waterfall.subject_code,
    waterfall.cancelled,
    part.minutes
from {{ ref('waterfall') }} as waterfall
inner join {{ ref('student_year') }} as student
    on waterfall.school_year = student.school_year and waterfall.student_key = student.student_key
left join part on student.student_no = part.student_no and waterfall.subject_code = part.subject_code
where waterfall.cancelled <> coalesce(part.minutes, 0)
