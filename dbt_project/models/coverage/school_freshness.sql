-- Grain: school × school year. Meaning: when the school's data were last extracted, how many teaching days
-- ago that was on the as-of date (days after the year's last lesson do not count), and whether that is too old.
-- A sheet that somebody filled in is no extract of the school's data, nor is the county's list of schools or its
-- school calendar: neither knows of a lesson or a student.
with extract_date as (
    select
        covered.school_id,
        max({{ local_date('batch.extracted_at') }}) as extracted_on
    from {{ source('landing', 'batch_school') }} as covered
    inner join {{ source('landing', 'batch') }} as batch on covered.batch_id = batch.batch_id
    where
        batch.source not like 'sheet%'
        and covered.table_name not in ('school', 'school_position', 'school_day')
    group by covered.school_id
),

school_year_span as (
    select
        teaching_group.school_id,
        teaching_group.school_year,
        min(taught.first_date) as first_lesson_date,
        max(taught.last_date) as last_lesson_date
    from {{ ref('stg_teaching_group') }} as teaching_group
    inner join {{ ref('constellation_group') }} as taught on teaching_group.group_id = taught.group_id
    group by teaching_group.school_id, teaching_group.school_year
),

span as (
    select
        school_year_span.school_id,
        school_year_span.school_year,
        school.county_number,
        extract_date.extracted_on,
        least({{ as_of() }}, school_year_span.last_lesson_date) as counted_until
    from school_year_span
    inner join extract_date on school_year_span.school_id = extract_date.school_id
    left join {{ ref('school_now') }} as school on school_year_span.school_id = school.school_id
),

weekday as (
    select
        span.school_id,
        span.school_year,
        span.county_number,
        cast(day.generate_series as date) as school_date
    from span,
        generate_series(
            cast(span.extracted_on + 1 as timestamp), cast(span.counted_until as timestamp), interval 1 day
        ) as day
    where isodow(cast(day.generate_series as date)) <= 5
),

teaching_day as (
    select
        weekday.school_id,
        weekday.school_year,
        count(*) as age_teaching_days
    from weekday
    where not exists (
        select 1
        from {{ ref('stg_school_day') }} as school_day
        where
            school_day.county_number = weekday.county_number
            and school_day.school_id in ('*', weekday.school_id)
            and school_day.date = weekday.school_date
            and school_day.kind in ('holiday', 'planning')
    )
    group by weekday.school_id, weekday.school_year
)

select
    span.school_id,
    span.school_year,
    span.extracted_on,
    coalesce(teaching_day.age_teaching_days, 0) as age_teaching_days,
    coalesce(teaching_day.age_teaching_days, 0) > {{ var('stale_after_teaching_days') }} as is_stale
from span
left join teaching_day
    on span.school_id = teaching_day.school_id and span.school_year = teaching_day.school_year
