-- Grain: one absence that took nothing. Meaning: a registration that counts nowhere, and the most likely reason.
with taking as (
    select distinct -- an absence may take from several lessons
        absence.absence_id
    from {{ ref('absence_registration') }} as absence
    inner join {{ ref('absence_on_lesson') }} as matched on absence.absence_id = matched.absence_id
    inner join {{ ref('absence_taken_on_lesson') }} as taken
        on
            absence.school_year = taken.school_year
            and absence.student_key = taken.student_key
            and matched.lesson_id = taken.lesson_id
            and absence.code_order * 2 + case when absence.subject_code is null then 1 else 0 end = taken.step
            and coalesce(absence.subject_code, taken.subject_code) = taken.subject_code
    where absence.matched_by <> 'date' and matched.registered_minutes > 0
    union
    select absence_id from {{ ref('absence_taken_by_date') }}
)

select
    absence.absence_id,
    absence.school_id,
    absence.school_year,
    absence.student_key,
    absence.absence_date,
    case
        when absence.absence_date > {{ as_of() }} then 'lies_ahead'
        when lesson.is_ahead then 'lies_ahead'
        when lesson.is_cancelled then 'lesson_cancelled'
        when not exists (
            select 1 from {{ ref('absence_on_lesson') }} as matched where matched.absence_id = absence.absence_id
        ) then 'no_such_lesson'
        else 'nothing_left_to_take'
    end as reason
from {{ ref('absence_registration') }} as absence
left join {{ ref('lesson_fact') }} as lesson on absence.lesson_id = lesson.lesson_id
left join taking on absence.absence_id = taking.absence_id
where taking.absence_id is null
