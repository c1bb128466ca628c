-- Grain: student × school year × subject. Meaning: the subjects the year's rows begin with, before slots:
-- what the bearing enrolments take, what their groups teach where they register no subject at all, and what
-- is exempt or recognised. Assessment codes (0 curriculum hours) are left out.
with bearing as (
    select * from {{ ref('entitled_enrolment') }} where is_bearing
),

registered as (
    select
        bearing.school_year,
        bearing.student_key,
        subject.subject_code,
        subject.subject_status = 'F' as is_exempt_status
    from bearing
    inner join {{ ref('stg_subject_enrolment') }} as subject on bearing.enrolment_id = subject.enrolment_id
    where
        {{ open_end('subject.end_date') }} >= {{ as_of() }}
        or subject.end_date >= bearing.end_date
),

without_registration as (
    select bearing.*
    from bearing
    where not exists (
        select 1 from {{ ref('stg_subject_enrolment') }} as subject where subject.enrolment_id = bearing.enrolment_id
    )
),

stand_in as (
    select
        bearing.school_year,
        bearing.student_key,
        group_subject.subject_code,
        false as is_exempt_status
    from without_registration as bearing
    inner join {{ ref('stg_group_membership') }} as membership on bearing.enrolment_id = membership.enrolment_id
    inner join {{ ref('stg_teaching_group_subject') }} as group_subject
        on membership.group_id = group_subject.group_id
),

released as (
    select
        school_year,
        student_key,
        subject_code,
        false as is_exempt_status
    from {{ ref('decision_in_force') }}
    where kind in ('exempt', 'recognised') and subject_code is not null
),

every_subject as (
    select * from registered
    union all
    select * from stand_in
    union all
    select * from released
),

one_each as (
    select
        school_year,
        student_key,
        subject_code,
        bool_or(is_exempt_status) as is_exempt_status
    from every_subject
    group by school_year, student_key, subject_code
)

select
    one_each.school_year,
    one_each.student_key,
    one_each.subject_code,
    one_each.is_exempt_status,
    curriculum.curriculum_minutes,
    curriculum.curriculum_source
from one_each
inner join {{ ref('student_year') }} as student
    on one_each.school_year = student.school_year and one_each.student_key = student.student_key
left join {{ ref('curriculum_match') }} as curriculum
    on
        one_each.school_year = curriculum.school_year
        and student.programme_area_key = curriculum.programme_area_key
        and one_each.subject_code = curriculum.subject_code
where curriculum.hours is null or curriculum.hours > 0
