-- Grain: school × role the rollout needs. Meaning: is the role filled on the as-of date, by how many, and since
-- when without a break since somebody held it last? Nobody is named.
with held as (
    select
        school_id,
        role,
        count(*) filter (where {{ as_of() }} between valid_from and {{ open_end('valid_to') }}) as people,
        min(valid_from) filter (where {{ as_of() }} between valid_from and {{ open_end('valid_to') }}) as held_since,
        max(valid_to) filter (where valid_to < {{ as_of() }}) as last_left_on
    from {{ ref('stg_role_assignment') }}
    group by school_id, role
)

select
    school.county_number,
    school.school_id,
    needed.role,
    cast(coalesce(held.people, 0) as integer) as people,
    coalesce(held.people, 0) > 0 as is_filled,
    held.held_since,
    case when coalesce(held.people, 0) = 0 then held.last_left_on + 1 end as vacant_since
from {{ ref('school_adoption') }} as school
cross join {{ ref('rollout_role') }} as needed
left join held on school.school_id = held.school_id and needed.role = held.role
where school.planned_on is not null
