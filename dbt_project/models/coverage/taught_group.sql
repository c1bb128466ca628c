-- Grain: one group that some lesson serves. Meaning: its number within this build.
select
    group_id,
    cast(row_number() over () as integer) as group_no
from (select distinct group_id from {{ ref('stg_lesson_group') }}) -- one number per group
