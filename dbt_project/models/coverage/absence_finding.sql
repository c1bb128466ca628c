-- Grain: one absence that took nothing. Meaning: a registration that counts nowhere, and the most likely reason.
with taking as (
    select absence_id from {{ ref('absence_taken_alone') }}
    union all
    select matched.absence_id
    from {{ ref('absence_on_lesson') }} as matched
    inner join {{ ref('absence_taken_on_lesson') }} as taken
        on
            matched.student_no = taken.student_no
            and matched.lesson_no = taken.lesson_no
            and matched.step = taken.step
            and coalesce(matched.named_subject, taken.subject_code) = taken.subject_code
    where matched.matched_by <> 'date'
    union all
    select absence_id from {{ ref('absence_taken_by_date') }}
),

took_nothing as (
    select *
    from {{ ref('absence_registration') }} as absence
    where not exists (select 1 from taking where taking.absence_id = absence.absence_id)
),

-- A lesson of the group that could have been meant, whether the student was a member that day or not.
possible as (
    select distinct -- one is enough
        absence.absence_id
    from took_nothing as absence
    inner join {{ ref('constellation_group') }} as constellation on absence.group_id = constellation.group_id
    inner join {{ ref('lesson_fact') }} as lesson
        on
            constellation.constellation_no = lesson.constellation_no
            and (
                (absence.matched_by = 'date' and lesson.lesson_date = absence.absence_date)
                or (
                    absence.matched_by = 'period'
                    and lesson.starts_at < absence.ends_at
                    and lesson.ends_at > absence.starts_at
                )
            )
    where absence.matched_by <> 'lesson' and not lesson.is_cancelled and not lesson.is_ahead
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
        when lesson.lesson_id is null and possible.absence_id is null then 'no_such_lesson'
        else 'nothing_left_to_take'
    end as reason
from took_nothing as absence
left join {{ ref('lesson_fact') }} as lesson on absence.lesson_id = lesson.lesson_id
left join possible on absence.absence_id = possible.absence_id
