-- Grain: group × lesson. Meaning: what became of the lesson, for those who look up the rows behind a
-- figure.
select
    teaching_group.school_year,
    school.county_number,
    teaching_group.school_id,
    teaching_group.group_id,
    lesson.lesson_id,
    lesson.lesson_date,
    lesson.starts_at,
    cast(lesson.minutes as integer) as minutes,
    lesson.status,
    lesson.cover,
    lesson.cause,
    lesson.replaces_lesson_id,
    lesson.subject_code,
    lesson.is_cancelled,
    lesson.is_ahead,
    lesson.is_assumed
from {{ ref('stg_teaching_group') }} as teaching_group
inner join {{ ref('constellation_group') }} as taught on teaching_group.group_id = taught.group_id
inner join {{ ref('lesson_fact') }} as lesson on taught.constellation_no = lesson.constellation_no
left join {{ ref('school_now') }} as school on teaching_group.school_id = school.school_id
