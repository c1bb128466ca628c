-- Grain: school year × student × subject × period. Meaning: the administration system's own totals beside
-- ours, with the cause that most likely explains the difference.
{% set agreeing = "('none', 'rounding', 'extract_dates')" -%}
with theirs as (
    select
        enrolment.school_year,
        enrolment.student_key,
        summary.subject_code,
        summary.period,
        sum({{ minutes_of_hours('summary.teaching_hours') }}) as teaching,
        sum({{ minutes_of_hours('summary.absence_hours') }}) as absence
    from {{ ref('stg_absence_summary') }} as summary
    inner join {{ ref('entitled_enrolment') }} as enrolment on summary.enrolment_id = enrolment.enrolment_id
    group by enrolment.school_year, enrolment.student_key, summary.subject_code, summary.period
),

shared as (
    select
        subject.school_year,
        subject.student_key,
        subject.subject_code,
        bool_or(usual.share_weight < usual.share_total) as is_shared
    from {{ ref('student_group_subject') }} as subject
    inner join {{ ref('group_subject_usual') }} as usual
        on subject.group_id = usual.group_id and subject.subject_code = usual.subject_code
    group by subject.school_year, subject.student_key, subject.subject_code
),

compared as (
    select
        theirs.school_year,
        student.county_number,
        student.school_id,
        theirs.student_key,
        theirs.subject_code,
        theirs.period,
        coalesce(ours.teaching, 0) as ours_teaching,
        theirs.teaching as theirs_teaching,
        coalesce(ours.absence, 0) as ours_absence,
        theirs.absence as theirs_absence,
        coalesce(ours.cancelled, 0) as cancelled,
        coalesce(ours.diverted, 0) as diverted,
        coalesce(ours.assumed, 0) as assumed,
        coalesce(ours.outside_membership, 0) as outside_membership,
        coalesce(ours.late, 0) as late,
        coalesce(shared.is_shared, false) as is_shared,
        due.subject_code is not null as is_due
    from theirs
    inner join {{ ref('student_year') }} as student
        on theirs.school_year = student.school_year and theirs.student_key = student.student_key
    left join {{ ref('student_subject') }} as due
        on
            theirs.school_year = due.school_year
            and theirs.student_key = due.student_key
            and theirs.subject_code = due.subject_code
    left join {{ ref('our_total') }} as ours
        on
            theirs.school_year = ours.school_year
            and theirs.student_key = ours.student_key
            and theirs.subject_code = ours.subject_code
            and theirs.period = ours.period
    left join shared
        on
            theirs.school_year = shared.school_year
            and theirs.student_key = shared.student_key
            and theirs.subject_code = shared.subject_code
),

explained as (
    select
        *,
        case
            when not is_due then 'subject_not_due'
            when theirs_teaching = ours_teaching then 'none'
            else {{ teaching_cause('theirs_teaching - ours_teaching + late', 'compared') }}
        end as own_cause
    from compared
),

-- Where the year agrees, a half-year that does not was cut on another day.
placed as (
    select
        *,
        case
            when
                own_cause not in {{ agreeing }}
                and max(case when period = 'year' then own_cause end) over (
                    partition by school_year, student_key, subject_code
                ) in {{ agreeing }}
                then 'half_year_boundary'
            else own_cause
        end as teaching_cause
    from explained
)

select
    school_year,
    county_number,
    school_id,
    student_key,
    subject_code,
    period,
    cast(ours_teaching as integer) as ours_teaching_minutes,
    cast(theirs_teaching as integer) as theirs_teaching_minutes,
    cast(theirs_teaching - ours_teaching as integer) as teaching_difference_minutes,
    cast(ours_absence as integer) as ours_absence_minutes,
    cast(theirs_absence as integer) as theirs_absence_minutes,
    cast(theirs_absence - ours_absence as integer) as absence_difference_minutes,
    case
        when
            teaching_cause in {{ agreeing }}
            and not {{ about('theirs_absence', 'ours_absence') }}
            then 'absence_registrations'
        when teaching_cause = 'none' and theirs_absence <> ours_absence then 'rounding'
        else teaching_cause
    end as probable_cause
from placed
