-- Grain: school year × school. Meaning: students by their worst status, and the waterfall of those who have
-- not left.
select
    school_year,
    county_number,
    school_id,
    as_of_date,
    cast(count(*) as integer) as students,
    {{ count_by_status('students') }},
    {{ sum_waterfall() }}
from {{ ref('student_coverage') }}
group by school_year, county_number, school_id, as_of_date
