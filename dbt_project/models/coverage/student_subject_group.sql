-- Grain: student × school year × subject, where there is one. Meaning: the group in which lessons added now
-- would reach the student: of the groups on the as-of date the one with most of the subject ahead of it,
-- else the group joined next.
with candidate as (
    select
        subject.school_year,
        subject.student_key,
        subject.subject_code,
        subject.group_id,
        greatest(span.start_date, {{ as_of() }}) as reached_on,
        coalesce(forecast.remaining_minutes, 0) as remaining_minutes
    from {{ ref('student_group_subject') }} as subject
    inner join {{ ref('membership_span') }} as span
        on
            subject.school_year = span.school_year
            and subject.student_key = span.student_key
            and subject.group_id = span.group_id
    left join {{ ref('group_subject_forecast') }} as forecast
        on subject.group_id = forecast.group_id and subject.subject_code = forecast.subject_code
    where span.end_date >= {{ as_of() }}
)

select
    school_year,
    student_key,
    subject_code,
    group_id
from candidate
qualify row_number() over (
    partition by school_year, student_key, subject_code order by reached_on, remaining_minutes desc, group_id
) = 1
