-- Grain: county × what was counted. Meaning: the latest count in the old system and in the new, and whether a
-- difference is explained.
select
    county_number,
    object,
    checked_on,
    legacy_count,
    new_count,
    new_count - legacy_count as difference,
    case
        when new_count = legacy_count then 'equal'
        when explained then 'explained'
        else 'unexplained'
    end as state,
    cast(count(*) over (partition by county_number, object) as integer) as checks
from {{ ref('stg_migration_check') }}
where checked_on <= {{ as_of() }}
qualify row_number() over (partition by county_number, object order by checked_on desc, check_id desc) = 1
