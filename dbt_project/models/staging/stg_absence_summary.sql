-- Grain: as landing.absence_summary. The administration system's own totals (fraværsoversikt).
select
    enrolment_id,
    subject_code,
    period,
    absence_hours,
    teaching_hours,
    percent,
    batch_id
from {{ source('landing', 'absence_summary') }}
