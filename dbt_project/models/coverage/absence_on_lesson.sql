-- Grain: absence × lesson it may take from, on a member day. Meaning: the minutes registered on the lesson itself (its
-- minutes, else the overlap of its period, else the whole lesson), or on the lessons of its group that its period
-- overlaps; those by date carry no minutes of their own yet. Steps follow the order codes take in; within a code
-- those that name a subject come first. `split_no` is how the lesson is split for the student, `whole_subject` the
-- subject that has it whole.
with given_lesson as (
    select
        lesson_id,
        lesson_no,
        constellation_no,
        lesson_date,
        starts_at,
        ends_at,
        period,
        minutes,
        is_fixed,
        is_substitute,
        is_assumed
    from {{ ref('lesson_fact') }}
    where not is_cancelled and not is_ahead
),

by_lesson as (
    select
        absence.absence_id,
        absence.student_no,
        absence.code_order,
        absence.absence_code,
        absence.subject_code as named_subject,
        absence.matched_by,
        lesson.lesson_no,
        lesson.constellation_no,
        lesson.lesson_date,
        lesson.minutes as lesson_minutes,
        lesson.is_fixed,
        lesson.period,
        lesson.is_substitute,
        lesson.is_assumed,
        coalesce(
            absence.minutes,
            {{ overlap_minutes('absence.starts_at', 'absence.ends_at', 'lesson.starts_at', 'lesson.ends_at') }},
            lesson.minutes
        ) as registered_minutes
    from {{ ref('absence_registration') }} as absence
    inner join given_lesson as lesson on absence.lesson_id = lesson.lesson_id
    where absence.matched_by = 'lesson'
),

by_period as (
    select
        absence.absence_id,
        absence.student_no,
        absence.code_order,
        absence.absence_code,
        absence.subject_code as named_subject,
        absence.matched_by,
        lesson.lesson_no,
        lesson.constellation_no,
        lesson.lesson_date,
        lesson.minutes as lesson_minutes,
        lesson.is_fixed,
        lesson.period,
        lesson.is_substitute,
        lesson.is_assumed,
        {{ overlap_minutes('absence.starts_at', 'absence.ends_at', 'lesson.starts_at', 'lesson.ends_at') }}
            as registered_minutes
    from {{ ref('absence_registration') }} as absence
    inner join {{ ref('constellation_group') }} as constellation on absence.group_id = constellation.group_id
    inner join given_lesson as lesson
        on
            constellation.constellation_no = lesson.constellation_no
            and lesson.starts_at < absence.ends_at
            and lesson.ends_at > absence.starts_at
    where absence.matched_by = 'period'
),

by_date as (
    select
        absence.absence_id,
        absence.student_no,
        absence.code_order,
        absence.absence_code,
        absence.subject_code as named_subject,
        absence.matched_by,
        lesson.lesson_no,
        lesson.constellation_no,
        lesson.lesson_date,
        lesson.minutes as lesson_minutes,
        lesson.is_fixed,
        lesson.period,
        lesson.is_substitute,
        lesson.is_assumed,
        cast(null as bigint) as registered_minutes
    from {{ ref('absence_registration') }} as absence
    inner join {{ ref('constellation_group') }} as constellation on absence.group_id = constellation.group_id
    inner join given_lesson as lesson
        on
            constellation.constellation_no = lesson.constellation_no
            and absence.absence_date = lesson.lesson_date
    where absence.matched_by = 'date'
),

matched as (
    select * from by_lesson
    union all
    select * from by_period
    union all
    select * from by_date
),

whole as (
    select distinct -- for every length alike
        split_no,
        subject_code
    from {{ ref('split_share') }}
    where is_whole
)

select
    matched.absence_id,
    matched.student_no,
    matched.lesson_no,
    matched.lesson_date,
    matched.period,
    matched.is_substitute,
    matched.is_assumed,
    matched.lesson_minutes,
    matched.matched_by,
    matched.code_order * 2 + case when matched.named_subject is null then 1 else 0 end as step,
    matched.absence_code,
    matched.named_subject,
    matched.registered_minutes,
    stretch.split_no,
    matched.is_fixed,
    case when not matched.is_fixed then whole.subject_code end as whole_subject
from matched
inner join {{ ref('student_stretch') }} as stretch
    on
        matched.student_no = stretch.student_no
        and matched.constellation_no = stretch.constellation_no
        and matched.lesson_date between stretch.first_date and stretch.last_date
left join whole on stretch.split_no = whole.split_no
where stretch.taken_for is null and (matched.registered_minutes > 0 or matched.matched_by = 'date')
