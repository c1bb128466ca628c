-- Grain: delivery × file × table. Meaning: what became of every row that was read.
select
    batch_id,
    source_file,
    table_name,
    cast(sum(rows_read) as bigint) as rows_read,
    cast(sum(rows_landed) as bigint) as rows_landed,
    cast(sum(rows_unchanged) as bigint) as rows_unchanged,
    cast(sum(rows_superseded) as bigint) as rows_superseded,
    cast(sum(rows_quarantined) as bigint) as rows_quarantined
from {{ source('landing', 'batch_file') }}
group by batch_id, source_file, table_name
