-- Grain: school year × programme area × slot. Meaning: the curriculum slots the programme area demands;
-- of rows with one slot code the same order picks one as for curriculum hours, and 0 hours remove it.
with slot as (
    select
        programme_area_code,
        slot_code,
        valid_from_year,
        valid_to_year,
        name,
        hours,
        subjects,
        'local' as curriculum_source
    from {{ ref('stg_curriculum_slot') }}
    union all
    select
        programme_area_code,
        slot_code,
        valid_from_year,
        valid_to_year,
        name,
        hours,
        subjects,
        'shipped' as curriculum_source
    from {{ ref('curriculum_slot') }}
),

candidate as (
    select
        area.school_year,
        area.programme_area_key,
        slot.slot_code,
        slot.name,
        slot.hours,
        slot.subjects,
        slot.curriculum_source,
        slot.valid_from_year,
        length({{ pattern_prefix('slot.programme_area_code') }}) as match_length,
        not {{ is_pattern('slot.programme_area_code') }} as is_exact
    from {{ ref('programme_year') }} as area
    inner join slot on {{ matches_pattern('area.programme_area_code', 'slot.programme_area_code') }}
    where
        {{ first_year('slot.valid_from_year') }} <= {{ first_year('area.school_year') }}
        and coalesce({{ first_year('slot.valid_to_year') }}, 9999) >= {{ first_year('area.school_year') }}
),

picked as (
    select *
    from candidate
    qualify row_number() over (
        partition by school_year, programme_area_key, slot_code
        order by (curriculum_source = 'local') desc, match_length desc, is_exact desc, valid_from_year desc
    ) = 1
)

select
    school_year,
    programme_area_key,
    slot_code,
    name,
    {{ minutes_of_hours('hours') }} as slot_minutes,
    subjects,
    curriculum_source
from picked
where hours > 0
