{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    pre_hook='{{ forget_same_date() }}'
) }}
-- Grain: as-of date × school × student × subject × figure × cause. Meaning: what moved the figure since the build before,
-- each as it knew its own day; never recomputed, so that the steps between two dates sum to the change between them.
with step as (
    select
        school_year,
        from_date,
        as_of_date
    from {{ ref('change_step') }}
    where history_basis = '{{ var("history_basis") }}' and as_of_date = {{ as_of() }}
),

known as (
    select
        status.*,
        step.from_date,
        status.as_of_date = step.from_date as is_earlier
    from {{ ref('student_subject_status') }} as status
    inner join step
        on
            status.school_year = step.school_year
            and status.as_of_date in (step.from_date, step.as_of_date)
    where status.history_basis = 'known_then' and status.status <> 'left'
),

-- What lies on days up to the earlier date, as it is known now.
late as (
    select
        due.student_key,
        due.subject_code,
        coalesce(sum(lost.minutes) filter (where lost.kind = 'cancelled'), 0) as cancelled,
        coalesce(sum(lost.minutes) filter (where lost.kind = 'diverted'), 0) as diverted,
        coalesce(sum(lost.minutes) filter (where lost.kind = 'absent'), 0) as absent
    from {{ ref('student_subject') }} as due
    inner join {{ ref('lost_by_date') }} as lost
        on due.student_no = lost.student_no and due.subject_code = lost.subject_code
    inner join step on due.school_year = step.school_year and lost.lesson_date <= step.from_date
    group by due.student_key, due.subject_code
),

paired as (
    select
        coalesce(latest.from_date, earlier.from_date) as from_date,
        coalesce(latest.school_year, earlier.school_year) as school_year,
        coalesce(latest.county_number, earlier.county_number) as county_number,
        coalesce(latest.school_id, earlier.school_id) as school_id,
        coalesce(latest.student_key, earlier.student_key) as student_key,
        coalesce(latest.subject_code, earlier.subject_code) as subject_code,
        earlier,
        latest
    from (select * from known where is_earlier) as earlier
    full outer join (select * from known where not is_earlier) as latest
        on
            earlier.school_id = latest.school_id
            and earlier.student_key = latest.student_key
            and earlier.subject_code = latest.subject_code
),

compared as (
    select
        paired.*,
        {
            'cancelled': coalesce(late.cancelled, 0),
            'diverted': coalesce(late.diverted, 0),
            'absent': coalesce(late.absent, 0)
        } as late
    from paired
    left join late on paired.student_key = late.student_key and paired.subject_code = late.subject_code
),

explained as (
    {{ explained_change('compared', 'from_date, school_year, county_number, school_id, student_key, subject_code') }}
)

select
    {{ history_stamp() }},
    {{ as_of() }} as as_of_date,
    *
from explained
