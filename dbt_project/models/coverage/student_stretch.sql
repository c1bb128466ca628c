-- Grain: student × constellation × stretch of days × subject taken for. Meaning: days on which the student follows one
-- unchanging set of the constellation's groups, and the split its lessons then have. Stretches of membership
-- take for every subject (`taken_for` empty); those of a gap stand for what one subject missed, except where the
-- student is in the constellation anyway. Who shares days and split shares totals.
with followed as (
    select
        span.student_no,
        constellation.constellation_no,
        constellation.group_id,
        cast(null as varchar) as taken_for,
        cast(null as date) as known_on,
        greatest(span.start_date, constellation.first_date) as first_date,
        least(span.end_date, constellation.last_date) as last_date
    from {{ ref('membership_span') }} as span
    inner join {{ ref('constellation_group') }} as constellation
        on
            span.group_id = constellation.group_id
            and span.start_date <= constellation.last_date
            and span.end_date >= constellation.first_date
    union all
    select
        gap.student_no,
        constellation.constellation_no,
        constellation.group_id,
        gap.subject_code as taken_for,
        gap.known_on,
        greatest(gap.first_date, constellation.first_date) as first_date,
        least(gap.last_date, constellation.last_date) as last_date
    from {{ ref('membership_gap') }} as gap
    inner join {{ ref('constellation_group') }} as constellation
        on
            gap.group_id = constellation.group_id
            and gap.first_date <= constellation.last_date
            and gap.last_date >= constellation.first_date
),

counted as (
    select
        *,
        count(*) over (partition by student_no, constellation_no) as rows_of_student
    from followed
),

-- Where a student has several rows of a constellation, every day one begins or has ended opens a piece.
turning_point as (
    select
        student_no,
        constellation_no,
        first_date as opens_on
    from counted
    where rows_of_student > 1
    union
    select
        student_no,
        constellation_no,
        last_date + 1 as opens_on
    from counted
    where rows_of_student > 1
),

piece as (
    select
        student_no,
        constellation_no,
        opens_on as first_date,
        lead(opens_on) over (partition by student_no, constellation_no order by opens_on) - 1 as last_date
    from turning_point
),

unchanging as (
    select
        student_no,
        constellation_no,
        group_id,
        taken_for,
        known_on,
        first_date,
        last_date
    from counted
    where rows_of_student = 1
    union all
    select
        piece.student_no,
        piece.constellation_no,
        counted.group_id,
        counted.taken_for,
        counted.known_on,
        piece.first_date,
        piece.last_date
    from piece
    inner join counted
        on
            piece.student_no = counted.student_no
            and piece.constellation_no = counted.constellation_no
            and piece.first_date >= counted.first_date
            and piece.last_date <= counted.last_date
    qualify
        counted.taken_for is null
        or not bool_or(counted.taken_for is null) over (
            partition by piece.student_no, piece.constellation_no, piece.first_date
        )
),

stretch as (
    select
        unchanging.student_no,
        unchanging.constellation_no,
        unchanging.taken_for,
        unchanging.known_on,
        unchanging.first_date,
        unchanging.last_date,
        list_sort(
            list_distinct(
                list({'subject_code': subject.subject_code, 'curriculum_minutes': subject.curriculum_minutes})
                filter (where subject.subject_code is not null)
            )
        ) as subjects
    from unchanging
    left join {{ ref('student_group_subject') }} as subject
        on unchanging.student_no = subject.student_no and unchanging.group_id = subject.group_id
    group by
        unchanging.student_no, unchanging.constellation_no, unchanging.taken_for, unchanging.known_on,
        unchanging.first_date, unchanging.last_date
),

split as (
    select
        subjects,
        cast(row_number() over () as integer) as split_no
    from (select distinct subjects from stretch) -- one number per set of subjects
    where subjects is not null
)

select
    stretch.student_no,
    stretch.constellation_no,
    stretch.taken_for,
    stretch.known_on,
    stretch.first_date,
    stretch.last_date,
    split.split_no,
    split.subjects
from stretch
left join split on stretch.subjects = split.subjects
