-- Grain: as landing.subject_enrolment. A student takes a subject, or is exempt from it (faggruppemedlemskap).
select
    enrolment_id,
    subject_code,
    start_date,
    end_date,
    subject_status,
    batch_id
from {{ source('landing', 'subject_enrolment') }}
