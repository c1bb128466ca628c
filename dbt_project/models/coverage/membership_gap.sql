-- Grain: student × school year × subject × gap × group taken instead. Meaning: days on which the student is in none
-- of the subject's groups, and whose lessons stand for what was missed: the group joined next, else the one
-- left last, all that tie. `known_on` is the day the loss could be known: that of joining, or the day after leaving.
with span as (
    select
        group_subject.student_no,
        group_subject.subject_code,
        group_subject.group_id,
        span.start_date,
        span.end_date
    from {{ ref('student_group_subject') }} as group_subject
    inner join {{ ref('membership_span') }} as span
        on
            group_subject.student_no = span.student_no
            and group_subject.group_id = span.group_id
),

reach as (
    select
        *,
        max(end_date) over (
            partition by student_no, subject_code
            order by start_date
            range between unbounded preceding and interval 1 day preceding
        ) as covered_until,
        max(end_date) over (partition by student_no, subject_code) as last_end
    from span
)

-- Before a group is joined: from the end of all earlier ones, or from the beginning.
select
    student_no,
    subject_code,
    group_id,
    coalesce(covered_until + 1, date '0001-01-01') as first_date,
    start_date - 1 as last_date,
    start_date as known_on
from reach
where covered_until is null or covered_until + 1 < start_date
union all
select
    student_no,
    subject_code,
    group_id,
    end_date + 1 as first_date,
    date '9999-12-31' as last_date,
    end_date + 1 as known_on
from reach
where end_date = last_end and last_end < date '9999-12-31'
