-- Conservation of rows: every subject due is a row of the mart, and nothing else is. A missing row is the worst
-- error there is: a student short of instruction whom nobody sees.
select
    due.school_year,
    due.student_key,
    due.subject_code
from {{ ref('student_subject') }} as due
full outer join {{ ref('student_subject_coverage') }} as coverage
    on
        due.school_year = coverage.school_year
        and due.student_key = coverage.student_key
        and due.subject_code = coverage.subject_code
where due.subject_code is null or coverage.subject_code is null
