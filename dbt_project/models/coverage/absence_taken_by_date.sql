-- Grain: absence by date × lesson × subject. Meaning: absences of a local day, one after the other in the order of
-- their codes, then ids, walk their group's lessons in order of start and take what is left, from the part they
-- name or from all parts in proportion.
with recursive absence as (
    select
        *,
        row_number() over (
            partition by school_year, student_key, absence_date order by code_order, absence_id
        ) as turn
    from {{ ref('absence_registration') }} as registration
    where
        matched_by = 'date'
        and minutes > 0
        and exists (
            select 1
            from {{ ref('absence_on_lesson') }} as matched
            where matched.absence_id = registration.absence_id
        )
),

absence_day as (
    select distinct -- one walk per student and day
        school_year,
        student_key,
        absence_date
    from absence
),

taken_before as (
    select
        school_year,
        student_key,
        lesson_id,
        subject_code,
        cast(sum(minutes) as bigint) as minutes
    from {{ ref('absence_taken_on_lesson') }}
    group by school_year, student_key, lesson_id, subject_code
),

walk as (
    select
        part.school_year,
        part.student_key,
        absence_day.absence_date,
        part.lesson_id,
        lesson.starts_at,
        part.subject_code,
        part.minutes - coalesce(taken_before.minutes, 0) as minutes_left,
        cast(0 as bigint) as turn,
        cast(null as varchar) as absence_id,
        cast(null as varchar) as absence_code,
        cast(0 as bigint) as taken
    from absence_day
    inner join {{ ref('student_lesson_part') }} as part
        on absence_day.school_year = part.school_year and absence_day.student_key = part.student_key
    inner join {{ ref('lesson_fact') }} as lesson
        on part.lesson_id = lesson.lesson_id and absence_day.absence_date = lesson.lesson_date
    left join taken_before
        on
            part.school_year = taken_before.school_year
            and part.student_key = taken_before.student_key
            and part.lesson_id = taken_before.lesson_id
            and part.subject_code = taken_before.subject_code
    where not lesson.is_cancelled and not lesson.is_ahead
    union all
    select
        school_year,
        student_key,
        absence_date,
        lesson_id,
        starts_at,
        subject_code,
        minutes_left - share as minutes_left,
        turn,
        absence_id,
        absence_code,
        share as taken
    from (
        {{ share_out(
            "(
                select
                    * exclude (room_so_far, lesson_room, demanded),
                    greatest(least(demanded - (room_so_far - lesson_room), lesson_room), 0) as lesson_take
                from (
                    select
                        *,
                        cast(sum(room) over (
                            partition by school_year, student_key, absence_date order by starts_at, lesson_id
                        ) as bigint) as room_so_far,
                        cast(sum(room) over (
                            partition by school_year, student_key, absence_date, lesson_id
                        ) as bigint) as lesson_room
                    from (
                        select
                            walk.school_year,
                            walk.student_key,
                            walk.absence_date,
                            walk.lesson_id,
                            walk.starts_at,
                            walk.subject_code,
                            walk.minutes_left,
                            absence.turn,
                            absence.absence_id,
                            absence.absence_code,
                            absence.minutes as demanded,
                            case
                                when matched.lesson_id is null then 0
                                when absence.subject_code <> walk.subject_code then 0
                                else walk.minutes_left
                            end as room
                        from walk
                        inner join absence
                            on
                                walk.school_year = absence.school_year
                                and walk.student_key = absence.student_key
                                and walk.absence_date = absence.absence_date
                                and walk.turn + 1 = absence.turn
                        left join " ~ ref('absence_on_lesson') ~ " as matched
                            on absence.absence_id = matched.absence_id and walk.lesson_id = matched.lesson_id
                    )
                )
            )",
            "lesson_take", "room", "school_year, student_key, absence_date, lesson_id"
        ) }}
    )
)

select
    school_year,
    student_key,
    lesson_id,
    subject_code,
    absence_id,
    absence_code,
    taken as minutes
from walk
where taken > 0
