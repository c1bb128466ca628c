-- Grain: lesson × subject, where the lesson says itself what it serves. Meaning: declared shares count as
-- declared; a lesson that names its subject counts for it whole. Neither is split otherwise.
select
    share.lesson_id,
    lesson.lesson_no,
    share.subject_code,
    share.minutes
from {{ ref('stg_lesson_subject') }} as share
inner join {{ ref('lesson_fact') }} as lesson on share.lesson_id = lesson.lesson_id
union all
select
    lesson_id,
    lesson_no,
    subject_code,
    minutes
from {{ ref('lesson_fact') }}
where subject_code is not null and not is_declared
