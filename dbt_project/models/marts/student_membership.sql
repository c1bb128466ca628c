-- Grain: student × school year × group × unbroken span of member days. Meaning: when the student was in the
-- group, both days included.
select
    span.school_year,
    student.county_number,
    student.school_id,
    span.student_key,
    span.group_id,
    teaching_group.name as group_name,
    span.start_date,
    nullif(span.end_date, date '9999-12-31') as end_date
from {{ ref('membership_span') }} as span
inner join {{ ref('student_year') }} as student
    on span.school_year = student.school_year and span.student_key = student.student_key
inner join {{ ref('stg_teaching_group') }} as teaching_group on span.group_id = teaching_group.group_id
