-- Grain: school year × school × student × subject × step × figure × cause. Meaning: what moved a student's figure from one
-- publication to the next, and by how many minutes; a row's causes sum to its change, and so do the steps.
select
    moved.school_year,
    moved.county_number,
    moved.school_id,
    moved.student_key,
    moved.subject_code,
    subject.name as subject_name,
    moved.from_date,
    moved.as_of_date as to_date,
    moved.figure,
    moved.cause,
    moved.minutes
from {{ ref('student_subject_change') }} as moved
inner join {{ ref('change_chain') }} as chain
    on
        moved.school_year = chain.school_year
        and moved.as_of_date = chain.as_of_date
        and moved.from_date = chain.from_date
left join {{ ref('subject') }} as subject on moved.subject_code = subject.subject_code
