-- Grain: constellation × split × subject × half-year. Meaning: what those who are split alike and are members
-- throughout get from the constellation's lessons in the subject, by kind of minutes.
with split as (
    select
        constellation_key,
        split_key,
        any_value(subjects) as subjects
    from {{ ref('student_split') }}
    group by constellation_key, split_key
),

subject as (
    select
        constellation_key,
        split_key,
        unnest(subjects).subject_code as subject_code,
        unnest(subjects).curriculum_minutes as curriculum_minutes
    from split
),

weighted as (
    select
        *,
        {{ split_weight('curriculum_minutes', 'constellation_key, split_key') }} as weight
    from subject
),

-- Lessons of one length count alike: how many of each kind there are.
bucket as (
    select
        constellation_key,
        period,
        minutes,
        {{ sum_counted('1', 'lesson') }}
    from {{ ref('constellation_lesson') }} as lesson
    where not is_fixed
    group by constellation_key, period, minutes
),

part as (
    select
        weighted.constellation_key,
        weighted.split_key,
        weighted.subject_code,
        weighted.weight,
        bucket.period,
        bucket.minutes,
        {% for kind in counted_kinds() -%}
        bucket.{{ kind }} as {{ kind }}_lessons{{ "," if not loop.last }}
        {% endfor %}
    from weighted
    inner join bucket on weighted.constellation_key = bucket.constellation_key
),

shared as (
    {{ share_out('part', 'minutes', 'weight', 'constellation_key, split_key, period, minutes') }}
)

select
    constellation_key,
    split_key,
    subject_code,
    period,
    {% for kind in counted_kinds() -%}
    cast(sum(share * {{ kind }}_lessons) as bigint) as {{ kind }}{{ "," if not loop.last }}
    {% endfor %}
from shared
group by constellation_key, split_key, subject_code, period
