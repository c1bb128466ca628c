-- Grain: constellation × stretch of days × split × subject × half-year. Meaning: what those who are split alike and follow
-- the constellation on those days get from its lessons in the subject, by kind of minutes.
with stretch as (
    select distinct -- shared by all who have it
        constellation_no,
        first_date,
        last_date,
        split_no
    from {{ ref('student_stretch') }}
    where split_no is not null
),

days as (
    select distinct -- whatever the split
        constellation_no,
        first_date,
        last_date
    from stretch
),

-- Lessons of one length count alike: how many of each kind there are.
bucket as (
    select
        days.constellation_no,
        days.first_date,
        days.last_date,
        lesson.period,
        lesson.minutes,
        {{ sum_counted('1', 'lesson') }}
    from days
    inner join {{ ref('lesson_kind') }} as lesson
        on
            days.constellation_no = lesson.constellation_no
            and lesson.lesson_date between days.first_date and days.last_date
    where not lesson.is_fixed
    group by days.constellation_no, days.first_date, days.last_date, lesson.period, lesson.minutes
)

select
    stretch.constellation_no,
    stretch.first_date,
    stretch.last_date,
    stretch.split_no,
    part.subject_code,
    bucket.period,
    {% for kind in counted_kinds() -%}
    cast(sum(part.share * bucket.{{ kind }}) as bigint) as {{ kind }}{{ "," if not loop.last }}
    {% endfor %}
from stretch
inner join bucket
    on
        stretch.constellation_no = bucket.constellation_no
        and stretch.first_date = bucket.first_date
        and stretch.last_date = bucket.last_date
inner join {{ ref('split_share') }} as part
    on stretch.split_no = part.split_no and bucket.minutes = part.minutes
group by
    stretch.constellation_no, stretch.first_date, stretch.last_date, stretch.split_no, part.subject_code, bucket.period
