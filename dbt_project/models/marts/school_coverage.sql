-- Grain: school year × school. Meaning: students by their worst status, and the waterfall of those who have
-- not left, with how many of them some of its minutes are about: they may be a few students' only.
select
    school_year,
    county_number,
    school_id,
    as_of_date,
    cast(count(*) as integer) as students,
    {{ count_by_status('students') }},
    {% for name in ['outside_membership', 'cancelled', 'diverted', 'made_up', 'not_scheduled'] -%}
    cast(count(*) filter (where status <> 'left' and {{ name }}_minutes > 0) as integer)
        as students_with_{{ name }},
    {% endfor -%}
    {{ sum_waterfall() }}
from {{ ref('student_coverage') }}
group by school_year, county_number, school_id, as_of_date
