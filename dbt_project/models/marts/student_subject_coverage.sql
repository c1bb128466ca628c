-- Grain: school year × student × subject. Meaning: was the student offered the instruction required? The waterfall,
-- the forecast and the status on the as-of date.
with joined as (
    select
        student.school_year,
        student.county_number,
        student.school_id,
        student.enrolment_id,
        student.student_key,
        student.programme_area_code,
        student.level,
        student.has_left,
        student.is_stale,
        waterfall.subject_code,
        waterfall.requirement_basis,
        waterfall.curriculum_minutes,
        waterfall.required_minutes,
        waterfall.scheduled,
        waterfall.outside_membership,
        waterfall.cancelled,
        waterfall.diverted,
        waterfall.made_up,
        waterfall.remaining,
        waterfall.offered,
        waterfall.substitute,
        waterfall.exam,
        waterfall.assumed,
        waterfall.undocumented,
        waterfall.documented,
        waterfall.rights,
        waterfall.deducted,
        waterfall.offered
        + {{ expected_minutes('waterfall.remaining', 'coalesce(standing.loss_rate, 0)') }} as projected,
        standing.subject_code is not null as is_assigned,
        coalesce(standing.has_lesson, false) as has_lesson
    from {{ ref('waterfall') }} as waterfall
    inner join {{ ref('student_year') }} as student
        on waterfall.school_year = student.school_year and waterfall.student_key = student.student_key
    left join {{ ref('subject_standing') }} as standing
        on
            waterfall.school_year = standing.school_year
            and waterfall.student_key = standing.student_key
            and waterfall.subject_code = standing.subject_code
)

select
    school_year,
    county_number,
    school_id,
    enrolment_id,
    student_key,
    programme_area_code,
    level,
    subject_code,
    {{ as_of() }} as as_of_date,
    requirement_basis,
    cast(curriculum_minutes as integer) as curriculum_minutes,
    cast(required_minutes as integer) as required_minutes,
    cast(scheduled as integer) as scheduled_minutes,
    cast(outside_membership as integer) as outside_membership_minutes,
    cast(cancelled as integer) as cancelled_minutes,
    cast(diverted as integer) as diverted_minutes,
    cast(made_up as integer) as made_up_minutes,
    cast(remaining as integer) as remaining_minutes,
    cast(offered as integer) as offered_minutes,
    cast(substitute as integer) as substitute_minutes,
    cast(exam as integer) as exam_minutes,
    cast(assumed as integer) as assumed_minutes,
    cast(undocumented as integer) as absent_undocumented_minutes,
    cast(documented as integer) as absent_documented_minutes,
    cast(rights as integer) as absent_rights_minutes,
    cast(deducted as integer) as absent_deducted_minutes,
    cast(offered - undocumented - documented - rights - deducted as integer) as attended_minutes,
    cast(
        case when required_minutes is not null then greatest(required_minutes - (scheduled - outside_membership), 0) end
        as integer
    ) as not_scheduled_minutes,
    cast(projected as integer) as projected_minutes,
    cast(case when required_minutes is not null then greatest(required_minutes - projected, 0) end as integer)
        as missing_minutes,
    case
        when required_minutes = 0 and requirement_basis = 'decision' then 'exempt'
        when has_left then 'left'
        when not is_assigned then 'not_assigned'
        else {{ status_of('has_lesson and not is_stale', 'required_minutes', 'offered', 'remaining', 'projected') }}
    end as status
from joined
