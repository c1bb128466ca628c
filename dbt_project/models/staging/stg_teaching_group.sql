-- Grain: as landing.teaching_group. Those who are taught together (undervisningsgruppe).
select
    group_id,
    school_id,
    school_year,
    name,
    batch_id
from {{ source('landing', 'teaching_group') }}
