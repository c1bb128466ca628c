{{ config(materialized='view') }}
-- Grain: one absence of an entitled enrolment. Meaning: how it is matched to lessons (by lesson, by period, or by
-- date with minutes) and the order codes take in.
select
    absence.absence_id,
    enrolment.school_year,
    enrolment.student_key,
    enrolment.student_no,
    enrolment.school_id,
    absence.group_id,
    absence.lesson_id,
    absence.subject_code,
    absence.starts_at,
    absence.ends_at,
    absence.absence_date,
    absence.minutes,
    absence.code as absence_code,
    case absence.code
        when '!' then 1 when 'R' then 2 when 'D' then 3 when '§' then 4 when 'M' then 5 else 6
    end as code_order,
    case
        when absence.lesson_id is not null then 'lesson'
        when absence.starts_at is not null and absence.ends_at is not null then 'period'
        else 'date'
    end as matched_by
from {{ ref('stg_absence') }} as absence
inner join {{ ref('entitled_enrolment') }} as enrolment on absence.enrolment_id = enrolment.enrolment_id
