-- Grain: school × kind × week. Meaning: cases opened and closed in the week and open at its end. Cases that
-- repeat another are counted apart: they say how many met the fault, not how many faults there are.
with moved as (
    select
        county_number,
        school_id,
        kind,
        cast(date_trunc('week', opened_on) as date) as week_start,
        1 as opened,
        0 as closed,
        cast(is_duplicate as integer) as duplicates
    from {{ ref('support_case_known') }}
    union all
    select
        county_number,
        school_id,
        kind,
        cast(date_trunc('week', closed_on) as date) as week_start,
        0 as opened,
        1 as closed,
        0 as duplicates
    from {{ ref('support_case_known') }}
    where closed_on is not null
),

week as (
    select
        county_number,
        school_id,
        kind,
        week_start,
        sum(opened) as opened,
        sum(closed) as closed,
        sum(duplicates) as duplicates
    from moved
    group by county_number, school_id, kind, week_start
)

select
    county_number,
    school_id,
    kind,
    week_start,
    cast(opened as integer) as opened,
    cast(closed as integer) as closed,
    cast(duplicates as integer) as duplicates,
    cast(
        sum(opened - closed) over (partition by school_id, kind order by week_start rows unbounded preceding) as integer
    ) as open_at_end
from week
