-- Grain: school year × programme area × slot × place in its list. Meaning: a subject code, or the beginning of
-- codes, that fills the slot.
select
    school_year,
    programme_area_key,
    slot_code,
    unnest(string_split(subjects, '|')) as listed,
    unnest(range(1, len(string_split(subjects, '|')) + 1)) as place
from {{ ref('slot_demand') }}
