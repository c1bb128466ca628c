-- Grain: as landing.time_sample. Measured minutes per case of a process at a school.
select
    sample_id,
    process_code,
    school_id,
    sampled_on,
    phase,
    minutes_per_case,
    cases,
    method,
    batch_id
from {{ source('landing', 'time_sample') }}
