-- Grain: constellation × subject × half-year. Meaning: minutes the constellation's lessons declare for a subject or
-- name it for, by kind of minutes.
select
    lesson.constellation_key,
    share.subject_code,
    lesson.period,
    {{ sum_counted('share.minutes', 'lesson') }}
from {{ ref('constellation_lesson') }} as lesson
inner join {{ ref('lesson_fixed_share') }} as share on lesson.lesson_id = share.lesson_id
group by lesson.constellation_key, share.subject_code, lesson.period
