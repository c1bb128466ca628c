-- Grain: student × school year × lesson × step × named subject. Meaning: minutes registered on the lesson itself, added
-- up. Steps follow the order codes take in; within a code those that name a subject come first.
select
    absence.school_year,
    absence.student_key,
    matched.lesson_id,
    absence.code_order * 2 + case when absence.subject_code is null then 1 else 0 end as step,
    absence.absence_code,
    absence.subject_code as named_subject,
    cast(sum(matched.registered_minutes) as bigint) as demanded
from {{ ref('absence_on_lesson') }} as matched
inner join {{ ref('absence_registration') }} as absence on matched.absence_id = absence.absence_id
where absence.matched_by <> 'date' and matched.registered_minutes > 0
group by
    absence.school_year, absence.student_key, matched.lesson_id, absence.code_order, absence.absence_code,
    absence.subject_code
