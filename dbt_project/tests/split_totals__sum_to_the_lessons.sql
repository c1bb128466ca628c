-- Those who follow their groups share the group's totals: over the subjects of a split they must give exactly the
-- minutes of the constellation's unnamed ordinary lessons of those days, in every half-year.
with total as (
    select
        constellation_no,
        first_date,
        last_date,
        split_no,
        period,
        sum(scheduled) as minutes
    from {{ ref('split_total') }}
    group by constellation_no, first_date, last_date, split_no, period
),

days as (
    select distinct -- whatever the split
        constellation_no,
        first_date,
        last_date
    from total
),

lesson as (
    select
        days.constellation_no,
        days.first_date,
        days.last_date,
        lesson.period,
        sum(lesson.minutes * lesson.is_scheduled) as minutes
    from days
    inner join {{ ref('lesson_kind') }} as lesson
        on
            days.constellation_no = lesson.constellation_no
            and lesson.lesson_date between days.first_date and days.last_date
    where not lesson.is_fixed
    group by days.constellation_no, days.first_date, days.last_date, lesson.period
)

select total.*
from total
inner join lesson
    on
        total.constellation_no = lesson.constellation_no
        and total.first_date = lesson.first_date
        and total.last_date = lesson.last_date
        and total.period = lesson.period
where total.minutes <> lesson.minutes
