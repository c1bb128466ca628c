-- Grain: school. Meaning: its particulars on the as-of date and how old its newest extract is.
with newest as (
    select
        school_id,
        extracted_on,
        age_teaching_days,
        is_stale
    from {{ ref('school_freshness') }}
    qualify row_number() over (partition by school_id order by school_year desc) = 1
)

select
    school.school_id,
    school.county_number,
    school.name,
    school.owner,
    school.valid_from,
    school.valid_to,
    newest.extracted_on,
    cast(newest.age_teaching_days as integer) as age_teaching_days,
    coalesce(newest.is_stale, false) as is_stale,
    cast(position.latitude as double) as latitude,
    cast(position.longitude as double) as longitude
from {{ ref('school_now') }} as school
left join {{ ref('stg_school_position') }} as position on school.school_id = position.school_id
left join newest on school.school_id = newest.school_id
