-- Grain: school year × student × subject × period in which a warning was sent. Meaning: the first warning
-- that the grade is at risk.
with warning as (
    select
        enrolment.school_year,
        enrolment.student_key,
        warning.subject_code,
        {{ half_year('warning.sent_on') }} as period,
        warning.sent_on
    from {{ ref('stg_absence_warning') }} as warning
    inner join {{ ref('entitled_enrolment') }} as enrolment on warning.enrolment_id = enrolment.enrolment_id
    where warning.sent_on <= {{ as_of() }}
)

select
    school_year,
    student_key,
    subject_code,
    coalesce(period, 'year') as period,
    min(sent_on) as warned_on
from warning
group by grouping sets (
    (school_year, student_key, subject_code, period),
    (school_year, student_key, subject_code)
)
