-- Grain: student × school year × subject × half-year. Meaning: minutes of lessons between the newest
-- extract and the as-of date, which the administration system's own totals cannot hold yet.
with late_lesson as (
    select
        lesson.group_id,
        usual.subject_code,
        lesson.lesson_date,
        {{ half_year('lesson.lesson_date') }} as period,
        case
            when lesson.subject_code is null then {{ usual_part('lesson.minutes', 'usual') }}
            when lesson.subject_code = usual.subject_code then lesson.minutes
            else 0
        end as minutes
    from {{ ref('group_lesson') }} as lesson
    inner join {{ ref('school') }} as school on lesson.school_id = school.school_id
    inner join {{ ref('group_subject_usual') }} as usual on lesson.group_id = usual.group_id
    where not lesson.is_cancelled and not lesson.is_ahead and lesson.lesson_date >= school.extracted_on
)

select
    span.school_year,
    span.student_key,
    late_lesson.subject_code,
    late_lesson.period,
    cast(sum(late_lesson.minutes) as bigint) as minutes
from late_lesson
inner join {{ ref('membership_span') }} as span
    on
        late_lesson.group_id = span.group_id
        and late_lesson.lesson_date between span.start_date and span.end_date
group by span.school_year, span.student_key, late_lesson.subject_code, late_lesson.period
