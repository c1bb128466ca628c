-- Grain: one training of one person. Meaning: whether it was completed by the as-of date.
select
    school_id,
    format,
    case when completed_on <= {{ as_of() }} then completed_on end as completed_on
from {{ ref('stg_training') }}
