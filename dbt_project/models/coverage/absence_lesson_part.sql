-- Grain: student × lesson with absence that must be shared out × subject. Meaning: the minutes of the lesson that count for
-- the student in the subject, where several absences take from it, or it serves several subjects, or absence by
-- date walks it. One absence from a lesson of one subject needs none of this.
with crowded as (
    select
        student_no,
        lesson_no,
        any_value(lesson_date) as lesson_date,
        any_value(lesson_minutes) as lesson_minutes,
        any_value(split_no) as split_no,
        any_value(is_fixed) as is_fixed
    from {{ ref('absence_on_lesson') }}
    group by student_no, lesson_no
    having count(*) > 1 or count(whole_subject) = 0 or bool_or(matched_by = 'date')
)

select
    crowded.student_no,
    crowded.lesson_no,
    crowded.lesson_date,
    part.subject_code,
    part.share as minutes
from crowded
inner join {{ ref('split_share') }} as part
    on crowded.split_no = part.split_no and crowded.lesson_minutes = part.minutes
where not crowded.is_fixed
union all
select
    crowded.student_no,
    crowded.lesson_no,
    crowded.lesson_date,
    fixed.subject_code,
    fixed.minutes
from crowded
inner join {{ ref('lesson_fixed_share') }} as fixed on crowded.lesson_no = fixed.lesson_no
inner join {{ ref('student_subject') }} as due
    on crowded.student_no = due.student_no and fixed.subject_code = due.subject_code
where crowded.is_fixed
