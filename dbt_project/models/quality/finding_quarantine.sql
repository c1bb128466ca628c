-- Grain: one row in quarantine. Meaning: what did not land, by the rule it breaks; the school where the row says it,
-- else `*`.
select
    case when is_orphan then 'orphans' else 'quarantined_rows' end as check_code,
    coalesce(json_extract_string(payload, '$.school_id'), '*') as school_id,
    table_name || coalesce('.' || column_name, '') || ': ' || rule as detail,
    source_file || ', row ' || cast(source_row as varchar) as example,
    batch_id,
    {{ local_date('first_seen') }} as seen_on
from {{ source('landing', 'quarantine') }}
where resolved_at is null
