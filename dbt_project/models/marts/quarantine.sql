-- Grain: delivery × file × row × table × column × rule. Meaning: rows that did not land, and why;
-- identifying values are masked, and the row itself stays in the warehouse.
select
    quarantine.batch_id,
    batch.county_number,
    quarantine.source_file,
    quarantine.source_row,
    quarantine.table_name,
    coalesce(quarantine.column_name, '') as column_name,
    quarantine.rule,
    any_value(quarantine.value) as value,
    bool_or(quarantine.is_orphan) as is_orphan,
    min(quarantine.first_seen) as first_seen,
    max(quarantine.resolved_at) as resolved_at
from {{ source('landing', 'quarantine') }} as quarantine
left join {{ source('landing', 'batch') }} as batch on quarantine.batch_id = batch.batch_id
group by
    quarantine.batch_id, batch.county_number, quarantine.source_file, quarantine.source_row, quarantine.table_name,
    quarantine.column_name, quarantine.rule
