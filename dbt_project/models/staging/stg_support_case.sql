-- Grain: as landing.support_case. One support case.
select
    case_id,
    school_id,
    kind,
    area,
    severity,
    opened_at,
    closed_at,
    duplicate_of,
    batch_id
from {{ source('landing', 'support_case') }}
