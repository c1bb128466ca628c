-- Grain: student × school year × constellation, regular. Meaning: the subjects, with their weights, that the
-- constellation's lessons are split between for the student; students with the same key are split once.
with served as (
    select distinct -- two groups of a constellation may serve one subject
        student.school_year,
        student.student_key,
        student.constellation_key,
        group_subject.subject_code,
        group_subject.curriculum_minutes
    from {{ ref('student_constellation') }} as student
    inner join {{ ref('constellation_group') }} as constellation
        on student.constellation_key = constellation.constellation_key
    inner join {{ ref('membership_span') }} as span
        on
            student.school_year = span.school_year
            and student.student_key = span.student_key
            and constellation.group_id = span.group_id
            and span.start_date <= constellation.last_date
            and span.end_date >= constellation.first_date
    inner join {{ ref('student_group_subject') }} as group_subject
        on
            student.school_year = group_subject.school_year
            and student.student_key = group_subject.student_key
            and constellation.group_id = group_subject.group_id
    where student.is_regular
)

select
    school_year,
    student_key,
    constellation_key,
    string_agg(
        subject_code || '=' || coalesce(cast(curriculum_minutes as varchar), '?'), '|' order by subject_code
    ) as split_key,
    list({'subject_code': subject_code, 'curriculum_minutes': curriculum_minutes}) as subjects
from served
group by school_year, student_key, constellation_key
