-- Those who follow their groups share the group's totals: over the subjects of a split they must give exactly the
-- minutes of the constellation's unnamed ordinary lessons, in every half-year.
with lesson as (
    select
        constellation_key,
        period,
        sum(minutes * is_scheduled) as minutes
    from {{ ref('constellation_lesson') }}
    where not is_fixed
    group by constellation_key, period
),

total as (
    select
        constellation_key,
        split_key,
        period,
        sum(scheduled) as minutes
    from {{ ref('split_total') }}
    group by constellation_key, split_key, period
)

select total.*
from total
inner join lesson on total.constellation_key = lesson.constellation_key and total.period = lesson.period
where total.minutes <> lesson.minutes
