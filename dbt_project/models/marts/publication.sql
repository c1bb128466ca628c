-- Grain: one row. Meaning: which build this is, for which date, and whether its data are invented.
select
    {{ as_of() }} as as_of_date,
    cast('{{ run_started_at.isoformat() }}' as timestamptz) as built_at,
    '{{ var("build_id") }}' as build_id,
    coalesce((select bool_or(synthetic) from {{ source('landing', 'batch') }}), false) as synthetic
