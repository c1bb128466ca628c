{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    pre_hook='{{ forget_same_date() }}'
) }}
-- Grain: basis × as-of date × school year × student × subject. Meaning: what each build knew of the running
-- school year; never recomputed. A build of the same date on the same basis replaces its rows.
select
    {{ history_stamp() }},
    as_of_date,
    school_year,
    county_number,
    school_id,
    student_key,
    subject_code,
    status,
    required_minutes,
    offered_minutes,
    projected_minutes,
    missing_minutes
from {{ ref('student_subject_coverage') }}
where {{ is_running_year(ref('student_subject_coverage')) }}
