-- Causes and dates of cancellations are told from cancelled_part, the figures from the waterfall. A row
-- here means that the page would explain other minutes than it shows: a lesson was split differently in the
-- two.
with part as (
    select
        school_year,
        student_key,
        subject_code,
        sum(minutes) as minutes
    from {{ ref('cancelled_part') }}
    group by school_year, student_key, subject_code
)

select
    waterfall.school_year,
    waterfall.student_key,
    waterfall.subject_code,
    waterfall.cancelled,
    part.minutes
from {{ ref('waterfall') }} as waterfall
left join part
    on
        waterfall.school_year = part.school_year
        and waterfall.student_key = part.student_key
        and waterfall.subject_code = part.subject_code
where waterfall.cancelled <> coalesce(part.minutes, 0)
