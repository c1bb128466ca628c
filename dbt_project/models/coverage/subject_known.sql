{{ config(materialized='view') }}
-- Grain: student × school year × subject. Meaning: what this build knows of a row, in the parts a change is told by.
select
    coverage.as_of_date,
    coverage.school_year,
    coverage.county_number,
    coverage.school_id,
    coverage.student_key,
    coverage.subject_code,
    coverage.status,
    coverage.requirement_basis,
    detail.decision_id,
    coverage.required_minutes,
    coverage.offered_minutes,
    coverage.projected_minutes,
    coverage.missing_minutes,
    coverage.scheduled_minutes - coverage.outside_membership_minutes as planned_minutes,
    coverage.cancelled_minutes,
    coverage.diverted_minutes,
    coverage.made_up_minutes,
    coverage.remaining_minutes,
    coverage.offered_minutes - coverage.attended_minutes as absent_minutes,
    detail.membership_print
from {{ ref('student_subject_coverage') }} as coverage
inner join {{ ref('student_subject_detail') }} as detail
    on
        coverage.school_year = detail.school_year
        and coverage.student_key = detail.student_key
        and coverage.subject_code = detail.subject_code
