-- Grain: group × subject × first week × last week of membership. Meaning: how many of those who are due the
-- subject were members from the one week to the other; who leaves and comes back within a week counts once.
with span as (
    select
        span.school_year,
        span.student_key,
        span.group_id,
        subject.subject_code,
        {{ week_start('span.start_date') }} as first_week,
        {{ week_start('span.end_date') }} as last_week
    from {{ ref('membership_span') }} as span
    inner join {{ ref('student_group_subject') }} as subject
        on
            span.school_year = subject.school_year
            and span.student_key = subject.student_key
            and span.group_id = subject.group_id
),

apart as (
    select
        * exclude (first_week),
        greatest(
            first_week,
            coalesce(
                lag(last_week) over (
                    partition by school_year, student_key, group_id, subject_code order by first_week, last_week
                ) + 7,
                first_week
            )
        ) as first_week
    from span
)

select
    school_year,
    group_id,
    subject_code,
    first_week,
    last_week,
    cast(count(*) as bigint) as students
from apart
where first_week <= last_week
group by school_year, group_id, subject_code, first_week, last_week
