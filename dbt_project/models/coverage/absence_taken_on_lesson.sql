-- Grain: student × school year × lesson × step × subject. Meaning: what is registered on a lesson itself takes from its
-- parts, code by code; those that name a subject from that part alone, then the others from all parts in
-- proportion to what is left of them.
with recursive part as (
    select
        school_year,
        student_key,
        lesson_id,
        subject_code,
        minutes,
        count(*) over (partition by school_year, student_key, lesson_id) as parts
    from {{ ref('student_lesson_part') }}
),

-- Most lessons have one part: what was taken before is a running sum.
single as (
    select
        part.school_year,
        part.student_key,
        part.lesson_id,
        part.subject_code,
        demand.step,
        demand.absence_code,
        part.minutes,
        cast(
            sum(demand.demanded) over (
                partition by part.school_year, part.student_key, part.lesson_id
                order by demand.step
                rows between unbounded preceding and current row
            ) as bigint
        ) as demanded_so_far,
        demand.demanded
    from part
    inner join {{ ref('absence_demand') }} as demand
        on
            part.school_year = demand.school_year
            and part.student_key = demand.student_key
            and part.lesson_id = demand.lesson_id
            and (demand.named_subject is null or demand.named_subject = part.subject_code)
    where part.parts = 1
),

split_demand as (
    select
        demand.*,
        dense_rank() over (
            partition by demand.school_year, demand.student_key, demand.lesson_id order by demand.step
        ) as turn
    from {{ ref('absence_demand') }} as demand
    where exists (
        select 1
        from part
        where
            part.parts > 1
            and part.school_year = demand.school_year
            and part.student_key = demand.student_key
            and part.lesson_id = demand.lesson_id
    )
),

turn as (
    select
        school_year,
        student_key,
        lesson_id,
        turn,
        step,
        absence_code,
        cast(sum(case when named_subject is null then demanded else 0 end) as bigint) as unnamed
    from split_demand
    group by school_year, student_key, lesson_id, turn, step, absence_code
),

walk as (
    select
        part.school_year,
        part.student_key,
        part.lesson_id,
        part.subject_code,
        part.minutes as minutes_left,
        cast(0 as bigint) as turn,
        0 as step,
        cast(null as varchar) as absence_code,
        cast(0 as bigint) as taken
    from part
    where
        part.parts > 1
        and exists (
            select 1
            from turn
            where
                turn.school_year = part.school_year
                and turn.student_key = part.student_key
                and turn.lesson_id = part.lesson_id
        )
    union all
    select
        school_year,
        student_key,
        lesson_id,
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
                    walk.school_year,
                    walk.student_key,
                    walk.lesson_id,
                    walk.subject_code,
                    walk.minutes_left,
                    turn.turn,
                    turn.step,
                    turn.absence_code,
                    coalesce(named.demanded, 0) as named,
                    least(
                        turn.unnamed,
                        cast(sum(walk.minutes_left) over (
                            partition by walk.school_year, walk.student_key, walk.lesson_id
                        ) as bigint)
                    ) as unnamed
                from walk
                inner join turn
                    on
                        walk.school_year = turn.school_year
                        and walk.student_key = turn.student_key
                        and walk.lesson_id = turn.lesson_id
                        and walk.turn + 1 = turn.turn
                left join split_demand as named
                    on
                        walk.school_year = named.school_year
                        and walk.student_key = named.student_key
                        and walk.lesson_id = named.lesson_id
                        and turn.turn = named.turn
                        and walk.subject_code = named.named_subject
            )",
            "unnamed", "minutes_left", "school_year, student_key, lesson_id"
        ) }}
    )
)

select
    school_year,
    student_key,
    lesson_id,
    subject_code,
    step,
    absence_code,
    least(demanded_so_far, minutes) - least(demanded_so_far - demanded, minutes) as minutes
from single
where demanded_so_far - demanded < minutes
union all
select
    school_year,
    student_key,
    lesson_id,
    subject_code,
    step,
    absence_code,
    taken as minutes
from walk
where taken > 0
