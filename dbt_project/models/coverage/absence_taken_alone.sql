{{ config(materialized='view') }}
-- Grain: absence that is the only one of its student on its lesson, where one subject has the lesson whole. Meaning: the
-- minutes it takes; most absences are of this kind, and need no sharing out.
select
    absence.absence_id,
    absence.student_no,
    absence.lesson_no,
    absence.whole_subject as subject_code,
    absence.absence_code,
    absence.lesson_date,
    absence.period,
    absence.is_substitute,
    absence.is_assumed,
    least(absence.registered_minutes, absence.lesson_minutes) as minutes
from {{ ref('absence_on_lesson') }} as absence
where
    absence.whole_subject is not null
    and (absence.named_subject is null or absence.named_subject = absence.whole_subject)
    and not exists (
        select 1
        from {{ ref('absence_lesson_part') }} as part
        where part.student_no = absence.student_no and part.lesson_no = absence.lesson_no
    )
