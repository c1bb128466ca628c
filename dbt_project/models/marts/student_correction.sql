-- Grain: closed school year × school × student × subject × figure × cause. Meaning: what later data would change in a figure
-- that was closed, and why; a row's causes sum to its correction.
with latest as (
    select *
    from {{ ref('subject_known') }}
    where status <> 'left' and school_year in (select school_year from {{ source('closed', 'year') }})
),

earlier as (
    select
        *,
        -- The year was over, so that everything cancelled was.
        cancelled_minutes as cancelled_so_far_minutes
    from {{ source('closed', 'student_subject') }}
    where status <> 'left'
),

paired as (
    select
        coalesce(latest.school_year, earlier.school_year) as school_year,
        coalesce(latest.county_number, earlier.county_number) as county_number,
        coalesce(latest.school_id, earlier.school_id) as school_id,
        coalesce(latest.student_key, earlier.student_key) as student_key,
        coalesce(latest.subject_code, earlier.subject_code) as subject_code,
        earlier,
        latest,
        {
            'cancelled': latest.cancelled_minutes,
            'diverted': latest.diverted_minutes,
            'absent': latest.absent_minutes
        } as late
    from earlier
    full outer join latest
        on
            earlier.school_year = latest.school_year
            and earlier.school_id = latest.school_id
            and earlier.student_key = latest.student_key
            and earlier.subject_code = latest.subject_code
),

explained as (
    {{ explained_change('paired', 'school_year, county_number, school_id, student_key, subject_code') }}
)

select
    explained.school_year,
    explained.county_number,
    explained.school_id,
    explained.student_key,
    explained.subject_code,
    subject.name as subject_name,
    explained.figure,
    explained.cause,
    explained.minutes
from explained
left join {{ ref('subject') }} as subject on explained.subject_code = subject.subject_code
