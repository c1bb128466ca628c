-- Grain: school year × student × subject, as student_subject_coverage. Meaning: what stands behind the row:
-- its groups, the ground of its requirement, and for a shortfall when it could be known and what caused
-- most of it.
with member_group as (
    select
        subject.school_year,
        subject.student_key,
        subject.subject_code,
        string_agg(subject.group_id, '|' order by teaching_group.name, subject.group_id) as group_ids,
        string_agg(teaching_group.name, '|' order by teaching_group.name, subject.group_id) as group_names
    from {{ ref('student_group_subject') }} as subject
    inner join {{ ref('stg_teaching_group') }} as teaching_group on subject.group_id = teaching_group.group_id
    group by subject.school_year, subject.student_key, subject.subject_code
)

select
    coverage.school_year,
    coverage.county_number,
    coverage.school_id,
    coverage.student_key,
    coverage.subject_code,
    subject.name as subject_name,
    slot.slot_name,
    coalesce(standing.loss_rate, 0) as loss_rate,
    shortfall.known_from,
    shortfall.shortfall_cause,
    member_group.group_ids,
    member_group.group_names,
    due.curriculum_source,
    due.decision_id,
    membership_print.membership_print
from {{ ref('student_subject_coverage') }} as coverage
inner join {{ ref('student_subject') }} as due
    on
        coverage.school_year = due.school_year
        and coverage.student_key = due.student_key
        and coverage.subject_code = due.subject_code
left join {{ ref('subject') }} as subject on coverage.subject_code = subject.subject_code
left join {{ ref('open_slot') }} as slot
    on
        coverage.school_year = slot.school_year
        and coverage.student_key = slot.student_key
        and coverage.subject_code = slot.subject_code
left join {{ ref('subject_standing') }} as standing
    on
        coverage.school_year = standing.school_year
        and coverage.student_key = standing.student_key
        and coverage.subject_code = standing.subject_code
left join {{ ref('shortfall') }} as shortfall
    on
        coverage.school_year = shortfall.school_year
        and coverage.student_key = shortfall.student_key
        and coverage.subject_code = shortfall.subject_code
left join member_group
    on
        coverage.school_year = member_group.school_year
        and coverage.student_key = member_group.student_key
        and coverage.subject_code = member_group.subject_code
left join {{ ref('membership_print') }} as membership_print
    on
        coverage.school_year = membership_print.school_year
        and coverage.student_key = membership_print.student_key
        and coverage.subject_code = membership_print.subject_code
