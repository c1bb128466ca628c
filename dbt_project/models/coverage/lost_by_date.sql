{{ config(materialized='view') }}
-- Grain: student × subject × lesson date × kind of loss, in parts. Meaning: when the lessons were that the waterfall counts
-- as cancelled or diverted, or that the student was absent from.
select
    student_no,
    subject_code,
    lesson_date,
    'cancelled' as kind,
    minutes
from {{ ref('cancelled_part') }}
union all
select
    student_no,
    subject_code,
    lesson_date,
    case when absence_code = '!' then 'diverted' else 'absent' end as kind,
    minutes
from {{ ref('absence_taken_numbered') }}
