-- Grain: as landing.absence_warning. A written warning (varsel) that the grade is at risk.
select
    warning_id,
    enrolment_id,
    subject_code,
    sent_on,
    percent,
    batch_id
from {{ source('landing', 'absence_warning') }}
