-- Grain: work process × school with cases. Meaning: cases of the twelve months up to the as-of date.
select
    volume.process_code,
    volume.school_id,
    sum(volume.cases) as cases
from {{ ref('process_volume') }} as volume
where
    volume.month > cast(date_trunc('month', {{ as_of() }}) as date) - interval 12 month
    and volume.month <= {{ as_of() }}
group by volume.process_code, volume.school_id
