-- Grain: absence by date × lesson × subject. Meaning: absences of a local day, one after the other in the order of
-- their codes, then ids, walk their group's lessons in order of start and take what is left, from the part they
-- name or from all parts in proportion.
with recursive absence as (
    select
        registration.absence_id,
        registration.student_no,
        registration.absence_date,
        registration.absence_code,
        registration.subject_code,
        registration.minutes,
        row_number() over (
            partition by registration.student_no, registration.absence_date
            order by registration.code_order, registration.absence_id
        ) as turn
    from {{ ref('absence_registration') }} as registration
    where
        registration.matched_by = 'date'
        and registration.minutes > 0
        and exists (
            select 1
            from {{ ref('absence_on_lesson') }} as matched
            where matched.absence_id = registration.absence_id
        )
),

absence_day as (
    select distinct -- one walk per student and day
        student_no,
        absence_date
    from absence
),

taken_before as (
    select
        taken.student_no,
        taken.lesson_no,
        taken.subject_code,
        cast(sum(taken.minutes) as bigint) as minutes
    from {{ ref('absence_taken_on_lesson') }} as taken
    where taken.student_no in (select absence.student_no from absence)
    group by taken.student_no, taken.lesson_no, taken.subject_code
),

walk as (
    select
        part.student_no,
        absence_day.absence_date,
        part.lesson_no,
        lesson.lesson_id,
        lesson.starts_at,
        part.subject_code,
        part.minutes - coalesce(taken_before.minutes, 0) as minutes_left,
        cast(0 as bigint) as turn,
        cast(null as varchar) as absence_id,
        cast(null as varchar) as absence_code,
        cast(0 as bigint) as taken
    from absence_day
    inner join {{ ref('absence_lesson_part') }} as part
        on absence_day.student_no = part.student_no and absence_day.absence_date = part.lesson_date
    inner join {{ ref('lesson_fact') }} as lesson on part.lesson_no = lesson.lesson_no
    left join taken_before
        on
            part.student_no = taken_before.student_no
            and part.lesson_no = taken_before.lesson_no
            and part.subject_code = taken_before.subject_code
    union all
    select
        student_no,
        absence_date,
        lesson_no,
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
                            partition by student_no, absence_date order by starts_at, lesson_id
                        ) as bigint) as room_so_far,
                        cast(sum(room) over (
                            partition by student_no, absence_date, lesson_id
                        ) as bigint) as lesson_room
                    from (
                        select
                            walk.student_no,
                            walk.absence_date,
                            walk.lesson_no,
                            walk.lesson_id,
                            walk.starts_at,
                            walk.subject_code,
                            walk.minutes_left,
                            absence.turn,
                            absence.absence_id,
                            absence.absence_code,
                            absence.minutes as demanded,
                            case
                                when matched.lesson_no is null then 0
                                when absence.subject_code <> walk.subject_code then 0
                                else walk.minutes_left
                            end as room
                        from walk
                        inner join absence
                            on
                                walk.student_no = absence.student_no
                                and walk.absence_date = absence.absence_date
                                and walk.turn + 1 = absence.turn
                        left join " ~ ref('absence_on_lesson') ~ " as matched
                            on absence.absence_id = matched.absence_id and walk.lesson_no = matched.lesson_no
                    )
                )
            )",
            "lesson_take", "room", "student_no, absence_date, lesson_id"
        ) }}
    )
)

select
    student_no,
    lesson_no,
    subject_code,
    absence_id,
    absence_code,
    taken as minutes
from walk
where taken > 0
