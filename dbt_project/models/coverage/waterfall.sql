-- Grain: student × school year × subject. Meaning: the waterfall in whole minutes, an identity in every row.
with planned as (
    select
        student_no,
        subject_code,
        sum(scheduled) as scheduled,
        sum(outside_membership) as outside_membership,
        sum(cancelled) as cancelled,
        sum(made_up) as made_up,
        sum(remaining) as remaining,
        sum(substitute) as substitute,
        sum(exam) as exam,
        sum(assumed) as assumed
    from {{ ref('student_subject_period') }}
    group by student_no, subject_code
),

absent as (
    select
        student_no,
        subject_code,
        sum(minutes) filter (where absence_code = '!') as diverted,
        sum(minutes) filter (where absence_code = '!' and is_substitute) as diverted_substitute,
        sum(minutes) filter (where absence_code = '!' and is_assumed) as diverted_assumed,
        sum(minutes) filter (where absence_code in ('X', 'M')) as undocumented,
        sum(minutes) filter (where absence_code = 'D') as documented,
        sum(minutes) filter (where absence_code = 'R') as rights,
        sum(minutes) filter (where absence_code = '§') as deducted
    from {{ ref('absence_taken_numbered') }}
    group by student_no, subject_code
),

counted as (
    select
        due.school_year,
        due.student_key,
        due.subject_code,
        due.curriculum_minutes,
        due.required_minutes,
        due.requirement_basis,
        coalesce(planned.scheduled, 0) as scheduled,
        coalesce(planned.outside_membership, 0) as outside_membership,
        coalesce(planned.cancelled, 0) as cancelled,
        coalesce(absent.diverted, 0) as diverted,
        coalesce(planned.made_up, 0) as made_up,
        coalesce(planned.remaining, 0) as remaining,
        coalesce(planned.substitute, 0) - coalesce(absent.diverted_substitute, 0) as substitute,
        coalesce(planned.exam, 0) as exam,
        coalesce(planned.assumed, 0) - coalesce(absent.diverted_assumed, 0) as assumed,
        coalesce(absent.undocumented, 0) as undocumented,
        coalesce(absent.documented, 0) as documented,
        coalesce(absent.rights, 0) as rights,
        coalesce(absent.deducted, 0) as deducted
    from {{ ref('student_subject') }} as due
    left join planned on due.student_no = planned.student_no and due.subject_code = planned.subject_code
    left join absent on due.student_no = absent.student_no and due.subject_code = absent.subject_code
)

select
    *,
    scheduled - outside_membership - cancelled - diverted + made_up - remaining as offered
from counted
