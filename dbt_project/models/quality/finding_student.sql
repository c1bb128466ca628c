-- Grain: student, or one of the student's memberships or subjects, × check. Meaning: what keeps a student's
-- figures from saying what they should.
with outside_enrolment as (
    select
        'membership_outside_enrolment' as check_code,
        enrolment.school_id,
        '' as detail,
        enrolment.student_key,
        membership.batch_id
    from {{ ref('stg_group_membership') }} as membership
    inner join {{ ref('entitled_enrolment') }} as enrolment on membership.enrolment_id = enrolment.enrolment_id
    where
        membership.start_date < enrolment.start_date
        or (enrolment.end_date is not null and {{ open_end('membership.end_date') }} > enrolment.end_date)
),

in_no_group as (
    select
        'student_in_no_group' as check_code,
        student.school_id,
        '' as detail,
        student.student_key,
        cast(null as varchar) as batch_id
    from {{ ref('student_year') }} as student
    where
        not student.has_left
        and exists (
            select 1
            from {{ ref('student_subject') }} as due
            where due.school_year = student.school_year and due.student_key = student.student_key
        )
        and not exists (
            select 1
            from {{ ref('membership_span') }} as span
            where span.school_year = student.school_year and span.student_key = student.student_key
        )
),

without_subjects as (
    select
        'student_without_subjects' as check_code,
        student.school_id,
        '' as detail,
        student.student_key,
        cast(null as varchar) as batch_id
    from {{ ref('student_year') }} as student
    where
        not exists (
            select 1
            from {{ ref('student_subject') }} as due
            where due.school_year = student.school_year and due.student_key = student.student_key
        )
),

unknown_requirement as (
    select
        'requirement_unknown' as check_code,
        student.school_id,
        due.subject_code as detail,
        due.student_key,
        cast(null as varchar) as batch_id
    from {{ ref('student_subject') }} as due
    inner join {{ ref('student_year') }} as student
        on due.school_year = student.school_year and due.student_key = student.student_key
    where due.required_minutes is null
),

not_in_group as (
    select distinct -- a group may have been left and joined again
        'subject_not_in_group' as check_code,
        student.school_id,
        '' as detail,
        span.student_key,
        cast(null as varchar) as batch_id,
        span.group_id
    from {{ ref('membership_span') }} as span
    inner join {{ ref('student_year') }} as student
        on span.school_year = student.school_year and span.student_key = student.student_key
    left join {{ ref('student_group_subject') }} as subject
        on
            span.school_year = subject.school_year
            and span.student_key = subject.student_key
            and span.group_id = subject.group_id
    where
        subject.group_id is null
        and span.group_id in (select group_id from {{ ref('stg_teaching_group_subject') }})
),

every_finding as (
    select * from outside_enrolment
    union all
    select * from in_no_group
    union all
    select * from without_subjects
    union all
    select * from unknown_requirement
    union all
    select * exclude (group_id) from not_in_group
)

select
    check_code,
    school_id,
    detail,
    {{ hidden_id('student_key') }} as example,
    batch_id,
    cast(null as date) as seen_on
from every_finding
