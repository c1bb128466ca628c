-- Grain: student × school year. Meaning: the school, programme area, level and category the year's rows bear,
-- whether the student has left, and whether the school's extract is too old to say anything.
with ended as (
    select
        student_key,
        school_year,
        bool_and(end_date is not null and end_date < {{ as_of() }}) as every_enrolment_ended,
        max(end_date) as last_end_date
    from {{ ref('entitled_enrolment') }}
    group by student_key, school_year
),

last_lesson as (
    select
        teaching_group.school_id,
        teaching_group.school_year,
        max(taught.last_date) as last_lesson_date
    from {{ ref('stg_teaching_group') }} as teaching_group
    inner join {{ ref('constellation_group') }} as taught on teaching_group.group_id = taught.group_id
    group by teaching_group.school_id, teaching_group.school_year
)

select
    enrolment.school_year,
    enrolment.student_key,
    enrolment.student_no,
    school.county_number,
    enrolment.school_id,
    enrolment.enrolment_id,
    enrolment.programme_area_code,
    coalesce(enrolment.programme_area_code, '') as programme_area_key,
    enrolment.level,
    enrolment.category,
    coalesce(
        ended.every_enrolment_ended and ended.last_end_date < last_lesson.last_lesson_date, false
    ) as has_left,
    ended.last_end_date,
    coalesce(freshness.is_stale, false) as is_stale
from {{ ref('entitled_enrolment') }} as enrolment
inner join ended
    on enrolment.student_key = ended.student_key and enrolment.school_year = ended.school_year
left join {{ ref('school_now') }} as school on enrolment.school_id = school.school_id
left join last_lesson
    on enrolment.school_id = last_lesson.school_id and enrolment.school_year = last_lesson.school_year
left join {{ ref('school_freshness') }} as freshness
    on enrolment.school_id = freshness.school_id and enrolment.school_year = freshness.school_year
where enrolment.is_primary
