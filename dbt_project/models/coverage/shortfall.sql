-- Grain: student × school year × subject that is short or not assigned. Meaning: the first date on which
-- the shortfall could be known, and its largest cause. Only losses are walked: they eat what the timetable
-- and the lessons made up give beyond the requirement, in the order they became known; what was lacking
-- from the start was known on the student's first day, or the year's first lesson day if that was later.
with lacking as (
    select
        coverage.*,
        greatest(
            first_day.start_date,
            coalesce(first_lesson.lesson_date, first_day.start_date)
        ) as first_date
    from {{ ref('student_subject_coverage') }} as coverage
    inner join (
        select
            school_year,
            student_key,
            min(start_date) as start_date
        from {{ ref('entitled_enrolment') }}
        group by school_year, student_key
    ) as first_day
        on coverage.school_year = first_day.school_year and coverage.student_key = first_day.student_key
    left join (
        select
            school_year,
            school_id,
            min(lesson_date) as lesson_date
        from {{ ref('group_lesson') }}
        group by school_year, school_id
    ) as first_lesson
        on coverage.school_year = first_lesson.school_year and coverage.school_id = first_lesson.school_id
    where coverage.status in ('short', 'not_assigned')
),

-- Before joining it is known on the day of joining; otherwise on the day after leaving.
outside as (
    select
        outside.school_year,
        outside.student_key,
        outside.subject_code,
        coalesce(
            min(span.start_date) filter (where span.start_date > outside.lesson_date),
            max(span.end_date) filter (where span.end_date < outside.lesson_date) + 1
        ) as known_on,
        any_value(outside.minutes) as minutes
    from {{ ref('outside_membership') }} as outside
    inner join {{ ref('student_group_subject') }} as subject
        on
            outside.school_year = subject.school_year
            and outside.student_key = subject.student_key
            and outside.subject_code = subject.subject_code
    inner join {{ ref('membership_span') }} as span
        on
            subject.school_year = span.school_year
            and subject.student_key = span.student_key
            and subject.group_id = span.group_id
    group by outside.school_year, outside.student_key, outside.subject_code, outside.lesson_id
),

loss as (
    select
        school_year,
        student_key,
        subject_code,
        known_on,
        minutes
    from outside
    union all
    select
        school_year,
        student_key,
        subject_code,
        lesson_date as known_on,
        minutes
    from {{ ref('cancelled_part') }}
    union all
    select
        school_year,
        student_key,
        subject_code,
        lesson_date as known_on,
        minutes
    from {{ ref('absence_taken') }}
    where absence_code = '!'
),

daily as (
    select
        school_year,
        student_key,
        subject_code,
        least(known_on, {{ as_of() }}) as known_on,
        sum(minutes) as minutes
    from loss
    group by school_year, student_key, subject_code, least(known_on, {{ as_of() }})
),

walked as (
    select
        school_year,
        student_key,
        subject_code,
        known_on,
        sum(minutes) over (
            partition by school_year, student_key, subject_code
            order by known_on
            rows between unbounded preceding and current row
        ) as lost_so_far
    from daily
),

fallen as (
    select
        lacking.school_year,
        lacking.student_key,
        lacking.subject_code,
        min(walked.known_on) as known_on
    from lacking
    inner join walked
        on
            lacking.school_year = walked.school_year
            and lacking.student_key = walked.student_key
            and lacking.subject_code = walked.subject_code
            and walked.lost_so_far
            > lacking.scheduled_minutes + lacking.made_up_minutes - lacking.required_minutes
    group by lacking.school_year, lacking.student_key, lacking.subject_code
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
left join fallen
    on
        lacking.school_year = fallen.school_year
        and lacking.student_key = fallen.student_key
        and lacking.subject_code = fallen.subject_code
