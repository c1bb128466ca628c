-- Grain: as landing.decision. A decision (vedtak) that changes what a student is due.
select
    decision_id,
    enrolment_id,
    subject_code,
    kind,
    hours,
    valid_from,
    valid_to,
    decided_on,
    batch_id
from {{ source('landing', 'decision') }}
