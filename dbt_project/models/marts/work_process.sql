-- Grain: work process. Meaning: the register of work processes, with who does and who answers for each.
select
    process_code,
    name,
    name_en,
    role,
    change_kind,
    unit,
    owner,
    volume_source
from {{ ref('stg_work_process') }}
