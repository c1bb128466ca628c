-- Grain: one row in quarantine. Meaning: what did not land, by the rule it breaks; the school where the row
-- says it, else `*`. What a later full delivery of the same source replaced is no longer told.
with replaced_until as (
    select
        source,
        county_number,
        max(extracted_at) as extracted_at
    from {{ source('landing', 'batch') }}
    where kind = 'full'
    group by source, county_number
)

select
    case when quarantine.is_orphan then 'orphans' else 'quarantined_rows' end as check_code,
    coalesce(json_extract_string(quarantine.payload, '$.school_id'), '*') as school_id,
    quarantine.table_name || coalesce('.' || quarantine.column_name, '') || ': ' || quarantine.rule as detail,
    quarantine.source_file || ', row ' || cast(quarantine.source_row as varchar) as example,
    quarantine.batch_id,
    cast(null as date) as seen_on
from {{ source('landing', 'quarantine') }} as quarantine
inner join {{ source('landing', 'batch') }} as batch on quarantine.batch_id = batch.batch_id
left join replaced_until
    on
        batch.source = replaced_until.source
        and batch.county_number is not distinct from replaced_until.county_number
where
    quarantine.resolved_at is null
    and (replaced_until.extracted_at is null or batch.extracted_at >= replaced_until.extracted_at)
