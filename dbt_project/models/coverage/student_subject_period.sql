-- Grain: student × school year × subject × half-year. Meaning: minutes by kind before absence, from the totals of the
-- stretches of days on which the student followed the same groups.
with unnamed as (
    select
        stretch.student_no,
        total.subject_code,
        total.period,
        {% for kind in counted_kinds() -%}
        total.{{ kind }},
        {% endfor -%}
        cast(0 as bigint) as exam,
        cast(0 as bigint) as outside_membership
    from {{ ref('student_stretch') }} as stretch
    inner join {{ ref('split_total') }} as total
        on
            stretch.constellation_no = total.constellation_no
            and stretch.first_date = total.first_date
            and stretch.last_date = total.last_date
            and stretch.split_no = total.split_no
    where stretch.taken_for is null
),

fixed as (
    select
        stretch.student_no,
        total.subject_code,
        total.period,
        {% for kind in counted_kinds() -%}
        total.{{ kind }},
        {% endfor -%}
        cast(0 as bigint) as exam,
        cast(0 as bigint) as outside_membership
    from {{ ref('student_stretch') }} as stretch
    inner join {{ ref('fixed_total') }} as total
        on
            stretch.constellation_no = total.constellation_no
            and stretch.first_date = total.first_date
            and stretch.last_date = total.last_date
    inner join {{ ref('student_subject') }} as due
        on stretch.student_no = due.student_no and total.subject_code = due.subject_code
    where stretch.taken_for is null
),

-- On the student's exam day a cancelled ordinary lesson counts as given, or remains where it lies ahead.
exam as (
    select
        student_no,
        subject_code,
        period,
        cast(0 as bigint) as scheduled,
        -minutes as cancelled,
        cast(0 as bigint) as made_up,
        case when is_ahead then minutes else 0 end as remaining,
        cast(0 as bigint) as substitute,
        cast(0 as bigint) as assumed,
        case when is_ahead then 0 else minutes end as exam,
        cast(0 as bigint) as outside_membership
    from {{ ref('exam_part') }}
),

outside as (
    select
        student_no,
        subject_code,
        period,
        minutes as scheduled,
        cast(0 as bigint) as cancelled,
        cast(0 as bigint) as made_up,
        cast(0 as bigint) as remaining,
        cast(0 as bigint) as substitute,
        cast(0 as bigint) as assumed,
        cast(0 as bigint) as exam,
        minutes as outside_membership
    from {{ ref('outside_membership') }}
),

every_part as (
    select * from unnamed
    union all
    select * from fixed
    union all
    select * from exam
    union all
    select * from outside
),

summed as (
    select
        student_no,
        subject_code,
        period,
        cast(sum(scheduled) as bigint) as scheduled,
        cast(sum(outside_membership) as bigint) as outside_membership,
        cast(sum(cancelled) as bigint) as cancelled,
        cast(sum(made_up) as bigint) as made_up,
        cast(sum(remaining) as bigint) as remaining,
        cast(sum(substitute) as bigint) as substitute,
        cast(sum(exam) as bigint) as exam,
        cast(sum(assumed) as bigint) as assumed
    from every_part
    group by student_no, subject_code, period
)

select
    student.school_year,
    student.student_key,
    summed.*
from summed
inner join {{ ref('student_year') }} as student on summed.student_no = student.student_no
