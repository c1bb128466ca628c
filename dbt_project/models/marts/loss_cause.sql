-- Grain: school year × school × subject × programme area × cause × cancellation cause. Meaning: where
-- students' minutes went, each under one cause alone: not_scheduled leaves out what outside_membership
-- took. Students who have left are not counted.
with standing as (
    select
        coverage.*,
        student.student_no
    from {{ ref('student_subject_coverage') }} as coverage
    inner join {{ ref('student_year') }} as student
        on coverage.school_year = student.school_year and coverage.student_key = student.student_key
    where coverage.status not in ('left', 'exempt')
),

cancelled as (
    select
        part.student_no,
        part.subject_code,
        part.cause,
        sum(part.minutes) as minutes
    from {{ ref('cancelled_part') }} as part
    group by part.student_no, part.subject_code, part.cause
),

loss as (
    {% for cause, minutes in [
        ('outside_membership', 'held.outside_membership_minutes'),
        ('diverted', 'held.diverted_minutes'),
        (
            'not_scheduled',
            "case when held.status = 'not_assigned' then 0 else " ~ never_scheduled("held") ~ " end"
        ),
        (
            'not_assigned',
            "case when held.status = 'not_assigned' then coalesce(held.required_minutes, 0) else 0 end"
        ),
    ] -%}
    select
        held.school_year,
        held.county_number,
        held.school_id,
        held.subject_code,
        held.programme_area_code,
        held.student_key,
        '{{ cause }}' as cause,
        cast(null as varchar) as cancellation_cause,
        {{ minutes }} as minutes
    from standing as held
    union all
    {% endfor -%}
    select
        held.school_year,
        held.county_number,
        held.school_id,
        held.subject_code,
        held.programme_area_code,
        held.student_key,
        'cancelled' as cause,
        coalesce(cancelled.cause, 'not_stated') as cancellation_cause,
        cancelled.minutes
    from standing as held
    inner join cancelled
        on held.student_no = cancelled.student_no and held.subject_code = cancelled.subject_code
)

select
    loss.school_year,
    loss.county_number,
    loss.school_id,
    loss.subject_code,
    subject.name as subject_name,
    loss.programme_area_code,
    loss.cause,
    loss.cancellation_cause,
    cast(sum(loss.minutes) as integer) as student_minutes,
    cast(count(*) as integer) as students
from loss
left join {{ ref('subject') }} as subject on loss.subject_code = subject.subject_code
where loss.minutes > 0
group by
    loss.school_year, loss.county_number, loss.school_id, loss.subject_code, subject.name, loss.programme_area_code,
    loss.cause, loss.cancellation_cause
