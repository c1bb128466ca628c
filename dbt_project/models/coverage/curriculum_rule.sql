-- Grain: one curriculum row, local or shipped. Meaning: every row that may give a subject its hours.
select
    subject_code,
    programme_area_code,
    valid_from_year,
    valid_to_year,
    hours,
    'local' as curriculum_source
from {{ ref('stg_curriculum_hours') }}
union all
select
    subject_code,
    programme_area_code,
    valid_from_year,
    valid_to_year,
    hours,
    'shipped' as curriculum_source
from {{ ref('curriculum_hours') }}
