-- Grain: work process × school × month with a plan. Meaning: the school's part of what its county planned to save.
-- A plan is for the schools that lay in the county in that month: when counties merge or part, every school takes
-- its own part along, so that no county is held against another's promise. A plan written anew for months before
-- the county had its number is for the schools it has now. Parts are as the month's cases; where none were counted,
-- alike. A county none of whose schools take part keeps its plan, without a school.
with stated as (
    select
        process_code,
        county_number,
        cast(date_trunc('month', month) as date) as month,
        sum(planned_hours) as planned_hours
    from {{ ref('stg_benefit_target') }}
    group by process_code, county_number, date_trunc('month', month)
),

member as (
    select
        stated.process_code,
        stated.county_number,
        stated.month,
        school.school_id
    from stated
    inner join {{ ref('school_in_county') }} as school
        on
            stated.county_number = school.county_number
            and stated.month between date_trunc('month', school.first_day) and school.last_day
    where school.school_id in (select school_id from {{ ref('measured_school') }})
),

meant as (
    select
        process_code,
        county_number,
        month,
        school_id
    from member
    union all
    select
        stated.process_code,
        stated.county_number,
        stated.month,
        school.school_id
    from stated
    inner join {{ ref('measured_school') }} as school on stated.county_number = school.county_number
    where not exists (
        select 1
        from member
        where
            member.process_code = stated.process_code
            and member.county_number = stated.county_number
            and member.month = stated.month
    )
),

weighed as (
    select
        meant.process_code,
        meant.county_number,
        meant.month,
        meant.school_id,
        coalesce(volume.cases, 0) as cases,
        sum(coalesce(volume.cases, 0))
            over (partition by meant.process_code, meant.county_number, meant.month) as all_cases,
        count(*) over (partition by meant.process_code, meant.county_number, meant.month) as schools
    from meant
    left join {{ ref('process_volume') }} as volume
        on
            meant.process_code = volume.process_code
            and meant.school_id = volume.school_id
            and meant.month = volume.month
)

select
    coalesce(school.county_number, stated.county_number) as county_number,
    weighed.school_id,
    stated.process_code,
    stated.month,
    sum(
        cast(stated.planned_hours as double)
        * case
            when weighed.school_id is null then 1
            when weighed.all_cases > 0 then weighed.cases / weighed.all_cases
            else 1 / weighed.schools
        end
    ) as planned_hours
from stated
left join weighed
    on
        stated.process_code = weighed.process_code
        and stated.county_number = weighed.county_number
        and stated.month = weighed.month
left join {{ ref('measured_school') }} as school on weighed.school_id = school.school_id
group by coalesce(school.county_number, stated.county_number), weighed.school_id, stated.process_code, stated.month
