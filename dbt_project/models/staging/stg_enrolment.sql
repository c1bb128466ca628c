-- Grain: as landing.enrolment. One student at one school in one school year (elevforhold).
select
    enrolment_id,
    student_key,
    school_id,
    school_year,
    programme_area_code,
    level,
    category,
    start_date,
    end_date,
    main_school,
    batch_id
from {{ source('landing', 'enrolment') }}
