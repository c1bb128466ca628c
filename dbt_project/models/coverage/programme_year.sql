-- Grain: school year × programme area among primary enrolments ('' where the enrolment has none).
select distinct -- many students share a programme area
    school_year,
    coalesce(programme_area_code, '') as programme_area_key,
    programme_area_code
from {{ ref('entitled_enrolment') }}
where is_primary
