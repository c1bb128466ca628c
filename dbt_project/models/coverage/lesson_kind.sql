{{ config(materialized='view') }}
-- Grain: one lesson that serves a group. Meaning: what it counts as for those who are members on its day, 1 or 0 each.
select
    constellation_no,
    lesson_no,
    lesson_date,
    period,
    minutes,
    is_fixed,
    {{ counted_minutes_flags('lesson') }}
from {{ ref('lesson_fact') }} as lesson
where constellation_no is not null
