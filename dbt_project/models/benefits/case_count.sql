-- Grain: volume source × school × month, where there are cases. Meaning: how many cases of a work process the
-- extracts hold. A source is named as in the register of work processes; what happens after the as-of date is
-- not counted.
with event as (
    select
        'absence' as volume_source,
        enrolment.school_id,
        absence.absence_date as happened_on
    from {{ ref('stg_absence') }} as absence
    inner join {{ ref('stg_enrolment') }} as enrolment on absence.enrolment_id = enrolment.enrolment_id
    union all
    select
        'absence_warning' as volume_source,
        enrolment.school_id,
        warning.sent_on as happened_on
    from {{ ref('stg_absence_warning') }} as warning
    inner join {{ ref('stg_enrolment') }} as enrolment on warning.enrolment_id = enrolment.enrolment_id
    union all
    select
        named.volume_source,
        enrolment.school_id,
        decision.decided_on as happened_on
    from {{ ref('stg_decision') }} as decision
    inner join {{ ref('stg_enrolment') }} as enrolment on decision.enrolment_id = enrolment.enrolment_id
    cross join lateral (
        select unnest(['decision', 'decision(' || decision.kind || ')']) as volume_source
    ) as named
    union all
    select
        named.volume_source,
        lesson.school_id,
        lesson.lesson_date as happened_on
    from {{ ref('lesson_fact') }} as lesson
    cross join lateral (
        select
            unnest([
                'lesson',
                case when lesson.is_substitute then 'lesson(substitute)' end,
                case when lesson.replaces_lesson_id is not null then 'lesson(replaces)' end,
                case when lesson.constellation_no < 0 then 'lesson_group' end
            ]) as volume_source
    ) as named
    where not lesson.is_cancelled and named.volume_source is not null
    union all
    -- A student who comes to a school from another in the same school year.
    select
        'enrolment' as volume_source,
        enrolment.school_id,
        enrolment.start_date as happened_on
    from {{ ref('stg_enrolment') }} as enrolment
    where exists (
        select 1
        from {{ ref('stg_enrolment') }} as earlier
        where
            earlier.student_key = enrolment.student_key
            and earlier.school_year = enrolment.school_year
            and earlier.school_id <> enrolment.school_id
            and earlier.start_date < enrolment.start_date
    )
    union all
    -- One student choosing subjects for a school year, however many the subjects.
    select
        'subject_enrolment' as volume_source,
        enrolment.school_id,
        min(subject.start_date) as happened_on
    from {{ ref('stg_subject_enrolment') }} as subject
    inner join {{ ref('stg_enrolment') }} as enrolment on subject.enrolment_id = enrolment.enrolment_id
    group by enrolment.school_id, enrolment.enrolment_id
    union all
    -- A change of group: a membership that begins after the first school day.
    select
        'group_membership' as volume_source,
        enrolment.school_id,
        membership.start_date as happened_on
    from {{ ref('stg_group_membership') }} as membership
    inner join {{ ref('stg_enrolment') }} as enrolment on membership.enrolment_id = enrolment.enrolment_id
    inner join {{ ref('first_school_day') }} as first_day
        on enrolment.school_id = first_day.school_id and enrolment.school_year = first_day.school_year
    where membership.start_date > first_day.first_day
    union all
    select
        'staff_position' as volume_source,
        position.school_id,
        make_date({{ first_year('position.school_year') }}, 8, 1) as happened_on
    from {{ ref('stg_staff_position') }} as position
    where position.plan = 'planned'
    union all
    select
        'support_case' as volume_source,
        cases.school_id,
        cases.opened_on as happened_on
    from {{ ref('support_case_known') }} as cases
    union all
    select
        'role_assignment' as volume_source,
        assignment.school_id,
        assignment.valid_from as happened_on
    from {{ ref('stg_role_assignment') }} as assignment
)

select
    volume_source,
    school_id,
    cast(date_trunc('month', happened_on) as date) as month,
    count(*) as cases
from event
where happened_on <= {{ as_of() }}
group by volume_source, school_id, date_trunc('month', happened_on)
