-- Grain: as landing.role_assignment. A person in a role at a school.
select
    school_id,
    role,
    staff_key,
    valid_from,
    valid_to,
    batch_id
from {{ source('landing', 'role_assignment') }}
