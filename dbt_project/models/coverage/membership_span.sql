-- Grain: student × school year × group × unbroken span of member days.
-- Meaning: memberships of any of the year's enrolments, not cut to the enrolment's dates; overlapping and
-- adjoining ones are one span.
with membership as (
    select
        enrolment.school_year,
        enrolment.student_key,
        enrolment.student_no,
        membership.group_id,
        membership.start_date,
        {{ open_end('membership.end_date') }} as end_date
    from {{ ref('stg_group_membership') }} as membership
    inner join {{ ref('entitled_enrolment') }} as enrolment on membership.enrolment_id = enrolment.enrolment_id
),

flagged as (
    select
        *,
        coalesce(
            start_date > max(end_date) over (
                partition by student_no, group_id
                order by start_date, end_date
                rows between unbounded preceding and 1 preceding
            ) + 1,
            true
        ) as opens_span
    from membership
),

numbered as (
    select
        *,
        sum(cast(opens_span as integer)) over (
            partition by student_no, group_id
            order by start_date, end_date
            rows between unbounded preceding and current row
        ) as span_number
    from flagged
)

select
    school_year,
    student_key,
    student_no,
    group_id,
    min(start_date) as start_date,
    max(end_date) as end_date
from numbered
group by school_year, student_key, student_no, group_id, span_number
