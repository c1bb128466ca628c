-- Grain: student × school year × subject with a group. Meaning: one short text that differs as soon as the student's
-- memberships of the subject's groups do.
select
    subject.school_year,
    subject.student_key,
    subject.subject_code,
    md5(
        string_agg(
            concat_ws(' ', subject.group_id, span.start_date, span.end_date), '|'
            order by subject.group_id, span.start_date
        )
    ) as membership_print
from {{ ref('student_group_subject') }} as subject
inner join {{ ref('membership_span') }} as span
    on
        subject.school_year = span.school_year
        and subject.student_key = span.student_key
        and subject.group_id = span.group_id
group by subject.school_year, subject.student_key, subject.subject_code
