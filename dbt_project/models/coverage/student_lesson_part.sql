{{ config(materialized='view') }}
-- Grain: student × school year × lesson on a member day × subject. Meaning: the whole minutes of the lesson that count for
-- the student in the subject; the parts of a split lesson sum to the lesson. To look things up in: nothing is
-- computed from it, since it has a row for every student of every lesson.
with attended as (
    select
        student.school_year,
        student.student_key,
        stretch.student_no,
        stretch.split_no,
        lesson.lesson_id,
        lesson.lesson_no,
        lesson.minutes,
        lesson.is_fixed
    from {{ ref('student_stretch') }} as stretch
    inner join {{ ref('student_year') }} as student on stretch.student_no = student.student_no
    inner join {{ ref('lesson_fact') }} as lesson
        on
            stretch.constellation_no = lesson.constellation_no
            and lesson.lesson_date between stretch.first_date and stretch.last_date
    where stretch.taken_for is null
)

select
    attended.school_year,
    attended.student_key,
    attended.lesson_id,
    part.subject_code,
    part.share as minutes
from attended
inner join {{ ref('split_share') }} as part
    on attended.split_no = part.split_no and attended.minutes = part.minutes
where not attended.is_fixed
union all
select
    attended.school_year,
    attended.student_key,
    attended.lesson_id,
    fixed.subject_code,
    fixed.minutes
from attended
inner join {{ ref('lesson_fixed_share') }} as fixed on attended.lesson_no = fixed.lesson_no
inner join {{ ref('student_subject') }} as due
    on attended.student_no = due.student_no and fixed.subject_code = due.subject_code
where attended.is_fixed
