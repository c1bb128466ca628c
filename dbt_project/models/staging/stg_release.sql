-- Grain: as landing.release. One release from the supplier.
select
    release,
    supplier_date,
    accepted_on,
    notes,
    batch_id
from {{ source('landing', 'release') }}
