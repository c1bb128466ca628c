-- Grain: school year × student. Meaning: the student's waterfall summed over subjects, the subjects by
-- status, and the worst of them.
with subject as (
    select
        coverage.* exclude (not_scheduled_minutes),
        {{ planning_gaps('coverage') }},
        student.category,
        student.has_left
    from {{ ref('student_subject_coverage') }} as coverage
    inner join {{ ref('student_year') }} as student
        on coverage.school_year = student.school_year and coverage.student_key = student.student_key
)

select
    school_year,
    county_number,
    school_id,
    enrolment_id,
    student_key,
    programme_area_code,
    level,
    category,
    as_of_date,
    {% for name in waterfall_columns() -%}
    cast(coalesce(sum({{ name }}), 0) as integer) as {{ name }},
    {% endfor -%}
    {{ count_by_status('subjects') }},
    case when has_left then 'left' else {{ worst_status('status') }} end as status
from subject
group by
    school_year, county_number, school_id, enrolment_id, student_key, programme_area_code, level, category,
    as_of_date, has_left
