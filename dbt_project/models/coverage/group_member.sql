-- Grain: group × first week × last week of membership. Meaning: how many students were members from the one
-- week to the other; who leaves and comes back within a week counts once.
with span as (
    select
        school_year,
        student_key,
        group_id,
        {{ week_start('start_date') }} as first_week,
        {{ week_start('end_date') }} as last_week
    from {{ ref('membership_span') }}
),

apart as (
    select
        * exclude (first_week),
        greatest(
            first_week,
            coalesce(
                lag(last_week) over (
                    partition by school_year, student_key, group_id order by first_week, last_week
                ) + 7,
                first_week
            )
        ) as first_week
    from span
)

select
    school_year,
    group_id,
    first_week,
    last_week,
    cast(count(*) as bigint) as students
from apart
where first_week <= last_week
group by school_year, group_id, first_week, last_week
