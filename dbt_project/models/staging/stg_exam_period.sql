-- Grain: as landing.exam_period. Days on which a student sits or prepares for an exam.
select
    enrolment_id,
    start_date,
    end_date,
    kind,
    batch_id
from {{ source('landing', 'exam_period') }}
