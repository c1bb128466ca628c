-- Grain: programme area. Meaning: its name, derived from its programme and level; the code is added where
-- it is not the programme's entry, because several areas of a programme share a level.
with area as (
    select programme_area_code from {{ ref('stg_enrolment') }}
    union -- one row per code
    select programme_area_code from {{ ref('curriculum_slot') }}
    union
    select programme_area_code from {{ ref('stg_curriculum_slot') }}
),

levelled as (
    select
        programme_area_code,
        max(level) as level
    from {{ ref('curriculum_slot') }}
    group by programme_area_code
)

select
    area.programme_area_code,
    coalesce(
        programme.name
        || coalesce(
            ' ' || levelled.level,
            case
                when regexp_matches(area.programme_area_code, '^.{5}[1-3]')
                    then ' Vg' || substr(area.programme_area_code, 6, 1)
            end,
            ''
        )
        || case
            when area.programme_area_code = programme.entry_program_area_code then ''
            else ' (' || rtrim(area.programme_area_code, '-') || ')'
        end,
        area.programme_area_code
    ) as name
from area
left join {{ ref('programme') }} as programme on substr(area.programme_area_code, 1, 2) = programme.program_code
left join levelled on area.programme_area_code = levelled.programme_area_code
where area.programme_area_code is not null and not {{ is_pattern('area.programme_area_code') }}
