-- Grain: as landing.absence. One registration of absence: on a lesson, over a period, or minutes on a date.
select
    absence_id,
    enrolment_id,
    group_id,
    lesson_id,
    subject_code,
    starts_at,
    ends_at,
    absence_date,
    minutes,
    code,
    on_certificate,
    batch_id
from {{ source('landing', 'absence') }}
