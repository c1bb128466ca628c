-- Grain: constellation × stretch of days × subject × half-year. Meaning: minutes the constellation's lessons of those days
-- declare for a subject or name it for, by kind of minutes.
with days as (
    select distinct -- shared by all who have them
        constellation_no,
        first_date,
        last_date
    from {{ ref('student_stretch') }}
)

select
    days.constellation_no,
    days.first_date,
    days.last_date,
    share.subject_code,
    lesson.period,
    {{ sum_counted('share.minutes', 'lesson') }}
from {{ ref('lesson_kind') }} as lesson
inner join {{ ref('lesson_fixed_share') }} as share on lesson.lesson_no = share.lesson_no
inner join days
    on
        lesson.constellation_no = days.constellation_no
        and lesson.lesson_date between days.first_date and days.last_date
where lesson.is_fixed
group by days.constellation_no, days.first_date, days.last_date, share.subject_code, lesson.period
