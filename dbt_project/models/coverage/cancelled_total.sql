-- Grain: constellation × stretch of days × split × lesson date × cause × subject. Meaning: minutes of ordinary lessons
-- cancelled, for those who follow the constellation on those days. Without a split: what lessons give by themselves to
-- those who are due it.
with stretch as (
    select distinct -- shared by all who have it
        constellation_no,
        first_date,
        last_date,
        split_no
    from {{ ref('student_stretch') }}
    where taken_for is null
),

days as (
    select distinct -- whatever the split
        constellation_no,
        first_date,
        last_date
    from stretch
),

cancelled as (
    select
        days.*,
        lesson.lesson_no,
        lesson.lesson_date,
        lesson.minutes,
        lesson.cause,
        lesson.is_fixed
    from {{ ref('lesson_fact') }} as lesson
    inner join days
        on
            lesson.constellation_no = days.constellation_no
            and lesson.lesson_date between days.first_date and days.last_date
    where lesson.is_ordinary and lesson.is_cancelled
),

every_part as (
    select
        stretch.constellation_no,
        stretch.first_date,
        stretch.last_date,
        stretch.split_no,
        cancelled.lesson_date,
        cancelled.cause,
        part.subject_code,
        part.share as minutes
    from stretch
    inner join cancelled
        on
            stretch.constellation_no = cancelled.constellation_no
            and stretch.first_date = cancelled.first_date
            and stretch.last_date = cancelled.last_date
    inner join {{ ref('split_share') }} as part
        on stretch.split_no = part.split_no and cancelled.minutes = part.minutes
    where not cancelled.is_fixed
    union all
    select
        cancelled.constellation_no,
        cancelled.first_date,
        cancelled.last_date,
        cast(null as integer) as split_no,
        cancelled.lesson_date,
        cancelled.cause,
        fixed.subject_code,
        fixed.minutes
    from cancelled
    inner join {{ ref('lesson_fixed_share') }} as fixed on cancelled.lesson_no = fixed.lesson_no
    where cancelled.is_fixed
)

select
    constellation_no,
    first_date,
    last_date,
    split_no,
    lesson_date,
    cause,
    subject_code,
    cast(sum(minutes) as bigint) as minutes
from every_part
group by constellation_no, first_date, last_date, split_no, lesson_date, cause, subject_code
having sum(minutes) > 0
