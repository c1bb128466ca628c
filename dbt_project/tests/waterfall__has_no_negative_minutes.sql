-- A negative minute means something was taken twice: an absence beyond its lesson, an exam day counted for a lesson
-- that was not cancelled, or a member total and a lesson-by-lesson sum of the same lesson.
select *
from {{ ref('student_subject_coverage') }}
where
    least(
        scheduled_minutes, outside_membership_minutes, cancelled_minutes, diverted_minutes, made_up_minutes,
        remaining_minutes, offered_minutes, substitute_minutes, exam_minutes, assumed_minutes,
        absent_undocumented_minutes, absent_documented_minutes, absent_rights_minutes, absent_deducted_minutes,
        attended_minutes
    ) < 0
    or greatest(substitute_minutes, exam_minutes, assumed_minutes) > offered_minutes
