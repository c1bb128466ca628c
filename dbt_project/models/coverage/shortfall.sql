-- Grain: student × school year × subject that is short or not assigned. Meaning: the first date on which
-- the shortfall could be known, and its largest cause. Only losses are walked: they eat what the timetable
-- and the lessons made up give beyond the requirement, in the order they became known; what was lacking
-- from the start was known on the student's first day, or the year's first lesson day if that was later.
with lacking as (
    select
        coverage.*,
        first_day.student_no,
        greatest(
            first_day.start_date,
            coalesce(first_lesson.lesson_date, first_day.start_date)
        ) as first_date
    from {{ ref('student_subject_coverage') }} as coverage
    inner join (
        select
            school_year,
            student_key,
            student_no,
            min(start_date) as start_date
        from {{ ref('entitled_enrolment') }}
        group by school_year, student_key, student_no
    ) as first_day
        on coverage.school_year = first_day.school_year and coverage.student_key = first_day.student_key
    left join (
        select
            teaching_group.school_year,
            teaching_group.school_id,
            min(taught.first_date) as lesson_date
        from {{ ref('stg_teaching_group') }} as teaching_group
        inner join {{ ref('constellation_group') }} as taught on teaching_group.group_id = taught.group_id
        group by teaching_group.school_year, teaching_group.school_id
    ) as first_lesson
        on coverage.school_year = first_lesson.school_year and coverage.school_id = first_lesson.school_id
    where coverage.status in ('short', 'not_assigned')
),

-- What a gap cost is known on the day of joining, or on the day after leaving.
loss as (
    select
        student_no,
        subject_code,
        known_on,
        minutes
    from {{ ref('outside_membership') }}
    union all
    select
        student_no,
        subject_code,
        lesson_date as known_on,
        minutes
    from {{ ref('cancelled_part') }}
    union all
    select
        student_no,
        subject_code,
        lesson_date as known_on,
        minutes
    from {{ ref('absence_taken_numbered') }}
    where absence_code = '!'
),

daily as (
    select
        lacking.student_no,
        lacking.subject_code,
        least(loss.known_on, {{ as_of() }}) as known_on,
        sum(loss.minutes) as minutes
    from lacking
    inner join loss on lacking.student_no = loss.student_no and lacking.subject_code = loss.subject_code
    group by lacking.student_no, lacking.subject_code, least(loss.known_on, {{ as_of() }})
),

walked as (
    select
        student_no,
        subject_code,
        known_on,
        sum(minutes) over (
            partition by student_no, subject_code
            order by known_on
            rows between unbounded preceding and current row
        ) as lost_so_far
    from daily
),

fallen as (
    select
        lacking.student_no,
        lacking.subject_code,
        min(walked.known_on) as known_on
    from lacking
    inner join walked
        on
            lacking.student_no = walked.student_no
            and lacking.subject_code = walked.subject_code
            and walked.lost_so_far
            > lacking.scheduled_minutes + lacking.made_up_minutes - lacking.required_minutes
    group by lacking.student_no, lacking.subject_code
)

select
    lacking.school_year,
    lacking.student_key,
    lacking.subject_code,
    case
        when
            lacking.status = 'not_assigned'
            or lacking.required_minutes > lacking.scheduled_minutes + lacking.made_up_minutes
            then lacking.first_date
        else greatest(fallen.known_on, lacking.first_date)
    end as known_from,
    case
        when lacking.status = 'not_assigned' then 'not_assigned'
        else {{ largest_cause('lacking') }}
    end as shortfall_cause
from lacking
left join fallen on lacking.student_no = fallen.student_no and lacking.subject_code = fallen.subject_code
