-- A school's missing minutes moved, since each earlier build, by the sum of their causes.
with known as (
    select
        school_year,
        school_id,
        as_of_date,
        missing_minutes
    from {{ ref('school_coverage_history') }}
    where history_basis = 'known_then'
),

changed as (
    select
        school_year,
        school_id,
        from_date,
        to_date,
        sum(minutes) as minutes
    from {{ ref('coverage_change') }}
    where figure = 'missing'
    group by school_year, school_id, from_date, to_date
),

latest as (
    select
        known.school_year,
        known.school_id,
        chain.from_date,
        known.missing_minutes
    from {{ ref('change_chain') }} as chain
    inner join (
        select
            school_year,
            max(as_of_date) as to_date
        from {{ ref('change_chain') }}
        group by school_year
    ) as newest on chain.school_year = newest.school_year
    inner join known on newest.school_year = known.school_year and newest.to_date = known.as_of_date
)

select latest.*
from latest
inner join known as earlier
    on
        latest.school_year = earlier.school_year
        and latest.school_id = earlier.school_id
        and latest.from_date = earlier.as_of_date
left join changed
    on
        latest.school_year = changed.school_year
        and latest.school_id = changed.school_id
        and latest.from_date = changed.from_date
where latest.missing_minutes - earlier.missing_minutes <> coalesce(changed.minutes, 0)
