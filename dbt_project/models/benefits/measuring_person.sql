-- Grain: school × role. Meaning: how many may be asked for a time sample: those in the role's positions of the
-- latest school year by the as-of date, or who have been given the role, whichever are more.
with position as (
    select
        school_id,
        role,
        count(distinct position_id) as people
    from {{ ref('stg_staff_position') }}
    where school_year <= {{ school_year_of(as_of()) }}
    group by school_id, role, school_year
    qualify row_number() over (partition by school_id, role order by school_year desc) = 1
),

assigned as (
    select
        school_id,
        role,
        count(distinct staff_key) as people
    from {{ ref('stg_role_assignment') }}
    where valid_from <= {{ as_of() }} and {{ open_end('valid_to') }} >= {{ as_of() }}
    group by school_id, role
)

select
    coalesce(position.school_id, assigned.school_id) as school_id,
    coalesce(position.role, assigned.role) as role,
    greatest(coalesce(position.people, 0), coalesce(assigned.people, 0)) as people
from position
full outer join assigned on position.school_id = assigned.school_id and position.role = assigned.role
