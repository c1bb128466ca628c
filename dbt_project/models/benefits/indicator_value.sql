-- Grain: indicator × school × period. Meaning: what attribution compares between schools that have and have not
-- taken up the system: how the positions' hours were used, a school year at a time, and minutes per case, half a
-- year at a time. `control`: work the system does not touch, where nothing should change.
with position as (
    select
        school_id,
        make_date({{ first_year('school_year') }}, 8, 1) as period,
        sum(teaching_hours) as teaching,
        sum(pedagogical_hours) as pedagogical,
        sum(administrative_hours) as administrative,
        sum(teaching_hours + pedagogical_hours + administrative_hours) as every_hour
    from {{ ref('stg_staff_position') }}
    where plan = 'actual' and role = 'teacher'
    group by school_id, school_year
),

used as (
    select
        'hours:' || kind as indicator,
        school_id,
        period,
        cast(hours / every_hour as double) as value,
        false as control
    from position
    unpivot (hours for kind in (teaching, pedagogical, administrative))
    where every_hour > 0
),

measured as (
    select
        'minutes:' || sample.process_code as indicator,
        sample.school_id,
        make_date(year(sample.sampled_on), case when month(sample.sampled_on) < 7 then 1 else 7 end, 1) as period,
        cast(sum(sample.minutes_per_case * sample.cases) / sum(sample.cases) as double) as value,
        bool_or(process.change_kind = 'unchanged') as control
    from {{ ref('stg_time_sample') }} as sample
    inner join {{ ref('stg_work_process') }} as process on sample.process_code = process.process_code
    where sample.sampled_on <= {{ as_of() }} and process.change_kind in ('changed', 'unchanged')
    group by sample.process_code, sample.school_id, period
)

select * from used
union all
select * from measured
