-- Grain: group × subject with students short or at risk. Meaning: how many lessons to add, chosen so that
-- as many students as possible are lifted per lesson added; of equally good numbers the one that lifts
-- more. Of lessons added the group must be expected to lose its share, as of those that are planned.
with length as (
    select
        group_id,
        minutes
    from {{ ref('group_lesson') }}
    where replaces_lesson_id is null
    group by group_id, minutes
    qualify row_number() over (partition by group_id order by count(*) desc, minutes desc) = 1
),

missing as (
    select
        now.group_id,
        coverage.subject_code,
        coverage.student_key,
        coverage.missing_minutes,
        coverage.required_minutes - coverage.offered_minutes as needed_minutes,
        coverage.projected_minutes - coverage.offered_minutes as expected_minutes,
        coverage.remaining_minutes * (1 - coalesce(standing.loss_rate, 0)) as remaining_expected,
        greatest({{ usual_part('length.minutes', 'usual') }}, 1) as lesson_minutes,
        greatest({{ usual_part('length.minutes', 'usual') }}, 1) * (1 - forecast.loss_rate) as lesson_expected
    from {{ ref('student_subject_coverage') }} as coverage
    inner join {{ ref('student_subject_group') }} as now
        on
            coverage.school_year = now.school_year
            and coverage.student_key = now.student_key
            and coverage.subject_code = now.subject_code
    inner join length on now.group_id = length.group_id
    inner join {{ ref('group_subject_usual') }} as usual
        on now.group_id = usual.group_id and coverage.subject_code = usual.subject_code
    inner join {{ ref('group_subject_forecast') }} as forecast
        on now.group_id = forecast.group_id and coverage.subject_code = forecast.subject_code
    left join {{ ref('subject_standing') }} as standing
        on
            coverage.school_year = standing.school_year
            and coverage.student_key = standing.student_key
            and coverage.subject_code = standing.subject_code
    where coverage.status in ('short', 'at_risk') and coverage.missing_minutes > 0
),

-- One less than the number of lessons that lifts, or that number.
nearly as (
    select
        *,
        cast(
            greatest(floor((needed_minutes - 0.5 - remaining_expected) / nullif(lesson_expected, 0) - 1e-6), 1)
            as bigint
        ) as lessons
    from missing
),

-- Only a number of lessons that just lifts somebody can be the best.
lifting as (
    select
        group_id,
        subject_code,
        lesson_minutes,
        lessons,
        count(*) as students
    from (
        select
            * exclude (lessons),
            case
                when {{ expected_with_added('nearly.lessons', 'nearly') }} >= needed_minutes then lessons
                else lessons + 1
            end as lessons
        from nearly
        where lesson_expected > 0
    )
    group by group_id, subject_code, lesson_minutes, lessons
),

cumulated as (
    select
        *,
        sum(students) over (
            partition by group_id, subject_code
            order by lessons
            rows between unbounded preceding and current row
        ) as students_lifted
    from lifting
),

chosen as (
    select *
    from cumulated
    qualify row_number() over (
        partition by group_id, subject_code
        order by students_lifted / cast(lessons as double) desc, students_lifted desc
    ) = 1
)

select
    chosen.group_id,
    chosen.subject_code,
    chosen.lesson_minutes,
    chosen.lessons as lessons_to_add,
    chosen.lessons * chosen.lesson_minutes as minutes_to_add,
    count(*) as students_missing,
    any_value(chosen.students_lifted) as students_lifted,
    sum(
        least(
            missing.missing_minutes,
            {{ expected_with_added('chosen.lessons', 'missing') }} - missing.expected_minutes
        )
    ) as student_minutes_recovered
from chosen
inner join missing on chosen.group_id = missing.group_id and chosen.subject_code = missing.subject_code
group by chosen.group_id, chosen.subject_code, chosen.lesson_minutes, chosen.lessons
