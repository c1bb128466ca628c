-- Grain: student × school year × subject. Meaning: what the student is due in the subject, and on what ground.
with due as (
    select
        school_year,
        student_key,
        subject_code,
        is_exempt_status,
        curriculum_minutes,
        coalesce(curriculum_source, 'none') as curriculum_source,
        cast(null as varchar) as slot_code
    from {{ ref('own_subject') }}
    union all
    select
        school_year,
        student_key,
        subject_code,
        false as is_exempt_status,
        open_minutes as curriculum_minutes,
        curriculum_source,
        slot_code
    from {{ ref('open_slot') }}
),

-- Both kinds of decision in one list, so that a row meets its own by equality.
decided as (
    select
        due.school_year,
        due.student_key,
        due.subject_code,
        arg_max(
            {'decision_id': decision.decision_id, 'decided_minutes': decision.decided_minutes},
            {'decided_on': decision.decided_on, 'decision_id': decision.decision_id}
        ) as ruling
    from due
    inner join {{ ref('decision_in_force') }} as decision
        on
            due.school_year = decision.school_year
            and due.student_key = decision.student_key
            and (decision.subject_code is null or due.subject_code = decision.subject_code)
    group by due.school_year, due.student_key, due.subject_code
)

select
    due.school_year,
    due.student_key,
    due.subject_code,
    due.slot_code,
    due.is_exempt_status,
    due.curriculum_minutes,
    due.curriculum_source,
    case
        when due.is_exempt_status then 0
        when decided.ruling is not null then decided.ruling.decided_minutes
        else due.curriculum_minutes
    end as required_minutes,
    case
        when due.is_exempt_status or decided.ruling is not null then 'decision'
        when due.curriculum_minutes is not null then 'curriculum'
        else 'none'
    end as requirement_basis,
    case when not due.is_exempt_status then decided.ruling.decision_id end as decision_id
from due
left join decided
    on
        due.school_year = decided.school_year
        and due.student_key = decided.student_key
        and due.subject_code = decided.subject_code
