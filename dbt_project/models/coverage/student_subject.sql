-- Grain: student × school year × subject. Meaning: what the student is due in the subject, and on what ground.
with due as (
    -- A decision may name a slot by its code; it and the open slot are one row.
    select
        coalesce(own_subject.school_year, open_slot.school_year) as school_year,
        coalesce(own_subject.student_key, open_slot.student_key) as student_key,
        coalesce(own_subject.subject_code, open_slot.subject_code) as subject_code,
        coalesce(own_subject.is_exempt_status, false) as is_exempt_status,
        coalesce(open_slot.open_minutes, own_subject.curriculum_minutes) as curriculum_minutes,
        coalesce(open_slot.curriculum_source, own_subject.curriculum_source, 'none') as curriculum_source,
        open_slot.slot_code
    from {{ ref('own_subject') }} as own_subject
    full outer join {{ ref('open_slot') }} as open_slot
        on
            own_subject.school_year = open_slot.school_year
            and own_subject.student_key = open_slot.student_key
            and own_subject.subject_code = open_slot.subject_code
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
    student.student_no,
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
inner join {{ ref('student_year') }} as student
    on due.school_year = student.school_year and due.student_key = student.student_key
left join decided
    on
        due.school_year = decided.school_year
        and due.student_key = decided.student_key
        and due.subject_code = decided.subject_code
