-- Grain: school year × school × subject. Meaning: the students' rows in the subject by status, and their
-- waterfall.
with subject as (
    select
        coverage.* exclude (not_scheduled_minutes),
        {{ planning_gaps('coverage') }},
        name.name as subject_name
    from {{ ref('student_subject_coverage') }} as coverage
    left join {{ ref('subject') }} as name on coverage.subject_code = name.subject_code
)

select
    school_year,
    county_number,
    school_id,
    subject_code,
    subject_name,
    as_of_date,
    cast(count(*) as integer) as students,
    {{ count_by_status('students') }},
    {{ sum_waterfall() }}
from subject
group by school_year, county_number, school_id, subject_code, subject_name, as_of_date
