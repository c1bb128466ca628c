-- Grain: as landing.work_process. One work process of the register (arbeidsprosess).
select
    process_code,
    name,
    name_en,
    role,
    change_kind,
    unit,
    owner,
    volume_source,
    batch_id
from {{ source('landing', 'work_process') }}
