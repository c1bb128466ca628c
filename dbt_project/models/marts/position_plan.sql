-- Grain: school × school year × role × plan (planned or actual). Meaning: how the positions' hours are meant to
-- be used and were used, and whether the system was in use when the school year began.
with position as (
    select
        position.school_id,
        position.school_year,
        position.role,
        position.plan,
        count(*) as positions,
        sum(position.teaching_hours) as teaching_hours,
        sum(position.pedagogical_hours) as pedagogical_hours,
        sum(position.administrative_hours) as administrative_hours
    from {{ ref('stg_staff_position') }} as position
    group by position.school_id, position.school_year, position.role, position.plan
)

select
    school.county_number,
    position.school_id,
    position.school_year,
    position.role,
    position.plan,
    coalesce(
        adoption.adopted_on <= make_date({{ first_year('position.school_year') }}, 8, 31), false
    ) as is_after_adoption,
    cast(position.positions as integer) as positions,
    cast(position.teaching_hours as decimal(18, 4)) as teaching_hours,
    cast(position.pedagogical_hours as decimal(18, 4)) as pedagogical_hours,
    cast(position.administrative_hours as decimal(18, 4)) as administrative_hours,
    cast({{ var('full_time_hours') }} as double) as full_time_hours
from position
inner join {{ ref('school_now') }} as school on position.school_id = school.school_id
left join {{ ref('school_adoption') }} as adoption on position.school_id = adoption.school_id
