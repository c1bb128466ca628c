-- Grain: student × school year × constellation. Meaning: whether the student followed the same groups of it
-- through all its lessons (regular), or must be summed lesson by lesson (partial).
with in_group as (
    select
        span.school_year,
        span.student_key,
        constellation.constellation_key,
        constellation.group_id,
        bool_or(
            span.start_date <= constellation.first_date and span.end_date >= constellation.last_date
        ) as is_throughout
    from {{ ref('membership_span') }} as span
    inner join {{ ref('constellation_group') }} as constellation
        on
            span.group_id = constellation.group_id
            and span.start_date <= constellation.last_date
            and span.end_date >= constellation.first_date
    group by span.school_year, span.student_key, constellation.constellation_key, constellation.group_id
)

select
    school_year,
    student_key,
    constellation_key,
    bool_and(is_throughout) as is_regular
from in_group
group by school_year, student_key, constellation_key
