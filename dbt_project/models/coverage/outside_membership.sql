-- Grain: student × subject × day it could be known × half-year. Meaning: minutes of ordinary lessons the student would
-- have had in the group joined next (or left last) on days in none of the subject's groups, unless the student is in
-- that very lesson through another group. Each subject takes the lesson by itself.
with missed as (
    select
        gap.student_no,
        gap.taken_for as subject_code,
        gap.known_on,
        total.period,
        total.scheduled
    from {{ ref('student_stretch') }} as gap
    inner join {{ ref('split_total') }} as total
        on
            gap.constellation_no = total.constellation_no
            and gap.first_date = total.first_date
            and gap.last_date = total.last_date
            and gap.split_no = total.split_no
            and gap.taken_for = total.subject_code
    union all
    select
        gap.student_no,
        gap.taken_for as subject_code,
        gap.known_on,
        total.period,
        total.scheduled
    from {{ ref('student_stretch') }} as gap
    inner join {{ ref('fixed_total') }} as total
        on
            gap.constellation_no = total.constellation_no
            and gap.first_date = total.first_date
            and gap.last_date = total.last_date
            and gap.taken_for = total.subject_code
)

select
    student_no,
    subject_code,
    known_on,
    period,
    cast(sum(scheduled) as bigint) as minutes
from missed
group by student_no, subject_code, known_on, period
having sum(scheduled) > 0
