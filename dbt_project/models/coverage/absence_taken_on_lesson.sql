-- Grain: student × lesson that must be shared out × step × subject. Meaning: what is registered on the lesson itself takes
-- from its parts, code by code; those that name a subject from that part alone, then the others from all parts in
-- proportion to what is left of them.
with recursive part as (
    select * from {{ ref('absence_lesson_part') }}
),

demand as (
    select
        absence.student_no,
        absence.lesson_no,
        absence.step,
        absence.absence_code,
        absence.named_subject,
        cast(sum(absence.registered_minutes) as bigint) as demanded,
        dense_rank() over (partition by absence.student_no, absence.lesson_no order by absence.step) as turn
    from {{ ref('absence_on_lesson') }} as absence
    where
        absence.matched_by <> 'date'
        and exists (
            select 1
            from part
            where part.student_no = absence.student_no and part.lesson_no = absence.lesson_no
        )
    group by absence.student_no, absence.lesson_no, absence.step, absence.absence_code, absence.named_subject
),

turn as (
    select
        student_no,
        lesson_no,
        turn,
        step,
        absence_code,
        cast(sum(case when named_subject is null then demanded else 0 end) as bigint) as unnamed
    from demand
    group by student_no, lesson_no, turn, step, absence_code
),

walk as (
    select
        part.student_no,
        part.lesson_no,
        part.subject_code,
        part.minutes as minutes_left,
        cast(0 as bigint) as turn,
        0 as step,
        cast(null as varchar) as absence_code,
        cast(0 as bigint) as taken
    from part
    union all
    select
        student_no,
        lesson_no,
        subject_code,
        minutes_left - least(named, minutes_left) - share as minutes_left,
        turn,
        step,
        absence_code,
        least(named, minutes_left) + share as taken
    from (
        {{ share_out(
            "(
                select
                    walk.student_no,
                    walk.lesson_no,
                    walk.subject_code,
                    walk.minutes_left,
                    turn.turn,
                    turn.step,
                    turn.absence_code,
                    coalesce(named.demanded, 0) as named,
                    least(
                        turn.unnamed,
                        cast(sum(walk.minutes_left) over (
                            partition by walk.student_no, walk.lesson_no
                        ) as bigint)
                    ) as unnamed
                from walk
                inner join turn
                    on
                        walk.student_no = turn.student_no
                        and walk.lesson_no = turn.lesson_no
                        and walk.turn + 1 = turn.turn
                left join demand as named
                    on
                        walk.student_no = named.student_no
                        and walk.lesson_no = named.lesson_no
                        and turn.turn = named.turn
                        and walk.subject_code = named.named_subject
            )",
            "unnamed", "minutes_left", "student_no, lesson_no"
        ) }}
    )
)

select
    student_no,
    lesson_no,
    subject_code,
    step,
    absence_code,
    taken as minutes
from walk
where taken > 0
