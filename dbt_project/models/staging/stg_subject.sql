-- Grain: as landing.subject. One subject (fag).
select
    subject_code,
    name,
    kind,
    batch_id
from {{ source('landing', 'subject') }}
