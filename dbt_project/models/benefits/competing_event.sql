-- Grain: event × school it met. Meaning: what else happened to schools in the months around the adoption, and
-- cannot be told from it: other changes on record, and counties that merged or were split.
with stated as (
    select
        event.event,
        school.school_id,
        event.starts_on,
        event.ends_on
    from {{ ref('competing_event_stated') }} as event
    -- A county's schools stay those it had when it merged.
    inner join {{ ref('school_in_county') }} as school
        on event.county_number = school.county_number and school.first_day <= event.starts_on
),

everywhere as (
    select
        event,
        '*' as school_id,
        starts_on,
        ends_on
    from {{ ref('competing_event_stated') }}
    where county_number = '*'
),

moved as (
    select
        'county_change' as event,
        school_id,
        first_day as starts_on,
        first_day as ends_on
    from {{ ref('school_in_county') }}
    where first_day > date '1900-01-01'
)

select * from stated
union all
select * from everywhere
union all
select * from moved
