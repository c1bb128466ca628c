-- Grain: one decision of an entitled enrolment, valid on the as-of date, that changes what is required.
-- Meaning: exempt and recognised release; an individual plan counts only where it states hours.
select
    decision.decision_id,
    enrolment.school_year,
    enrolment.student_key,
    decision.subject_code,
    decision.kind,
    case
        when decision.kind = 'individual_plan' then {{ minutes_of_hours('decision.hours') }}
        else 0
    end as decided_minutes,
    decision.decided_on
from {{ ref('stg_decision') }} as decision
inner join {{ ref('entitled_enrolment') }} as enrolment on decision.enrolment_id = enrolment.enrolment_id
where
    decision.valid_from <= {{ as_of() }}
    and {{ open_end('decision.valid_to') }} >= {{ as_of() }}
    and (
        decision.kind in ('exempt', 'recognised')
        or (decision.kind = 'individual_plan' and decision.hours is not null)
    )
