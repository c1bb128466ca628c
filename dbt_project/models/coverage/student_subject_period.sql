-- Grain: student × school year × subject × half-year. Meaning: minutes by kind before absence, from group totals for
-- those who followed their groups and lesson by lesson for the rest.
with regular_split as (
    select
        student.school_year,
        student.student_key,
        total.subject_code,
        total.period,
        {% for kind in counted_kinds() -%}
        total.{{ kind }},
        {% endfor -%}
        cast(0 as bigint) as exam,
        cast(0 as bigint) as outside_membership
    from {{ ref('student_split') }} as student
    inner join {{ ref('split_total') }} as total
        on student.constellation_key = total.constellation_key and student.split_key = total.split_key
),

regular_fixed as (
    select
        student.school_year,
        student.student_key,
        total.subject_code,
        total.period,
        {% for kind in counted_kinds() -%}
        total.{{ kind }},
        {% endfor -%}
        cast(0 as bigint) as exam,
        cast(0 as bigint) as outside_membership
    from {{ ref('student_constellation') }} as student
    inner join {{ ref('fixed_total') }} as total on student.constellation_key = total.constellation_key
    inner join {{ ref('student_subject') }} as due
        on
            student.school_year = due.school_year
            and student.student_key = due.student_key
            and total.subject_code = due.subject_code
    where student.is_regular
),

individual as (
    select
        part.school_year,
        part.student_key,
        part.subject_code,
        lesson.period,
        {% for kind in counted_kinds() -%}
        part.minutes * lesson.is_{{ kind }} as {{ kind }},
        {% endfor -%}
        cast(0 as bigint) as exam,
        cast(0 as bigint) as outside_membership
    from {{ ref('student_lesson_part') }} as part
    inner join {{ ref('constellation_lesson') }} as lesson on part.lesson_id = lesson.lesson_id
    where part.is_individual
),

-- On the student's exam day a cancelled ordinary lesson counts as given, or remains where it lies ahead.
exam as (
    select
        part.school_year,
        part.student_key,
        part.subject_code,
        lesson.period,
        cast(0 as bigint) as scheduled,
        -part.minutes as cancelled,
        cast(0 as bigint) as made_up,
        case when lesson.is_ahead then part.minutes else 0 end as remaining,
        cast(0 as bigint) as substitute,
        cast(0 as bigint) as assumed,
        case when lesson.is_ahead then 0 else part.minutes end as exam,
        cast(0 as bigint) as outside_membership
    from {{ ref('student_lesson_part') }} as part
    inner join {{ ref('lesson_fact') }} as lesson on part.lesson_id = lesson.lesson_id
    where part.is_exam
),

outside as (
    select
        school_year,
        student_key,
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
    select * from regular_split
    union all
    select * from regular_fixed
    union all
    select * from individual
    union all
    select * from exam
    union all
    select * from outside
)

select
    school_year,
    student_key,
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
group by school_year, student_key, subject_code, period
