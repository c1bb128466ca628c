{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns', pre_hook='{{ forget_same_date() }}'
) }}
-- Grain: basis × as-of date × school year × student × subject. Meaning: what each build knew of the running
-- school year; never recomputed. A build of the same date on the same basis replaces its rows.
with stamped as (
    select
        {{ history_stamp() }},
        known.as_of_date,
        known.school_year,
        known.county_number,
        known.school_id,
        known.student_key,
        known.subject_code,
        known.status,
        known.required_minutes,
        known.offered_minutes,
        known.projected_minutes,
        known.missing_minutes,
        known.requirement_basis,
        known.decision_id,
        known.planned_minutes,
        known.cancelled_minutes,
        cast(coalesce(past.minutes, 0) as integer) as cancelled_so_far_minutes,
        known.diverted_minutes,
        known.made_up_minutes,
        known.remaining_minutes,
        known.absent_minutes,
        known.membership_print
    from {{ ref('subject_known') }} as known
    inner join {{ ref('student_subject') }} as due
        on
            known.school_year = due.school_year
            and known.student_key = due.student_key
            and known.subject_code = due.subject_code
    left join (
        select
            student_no,
            subject_code,
            sum(minutes) as minutes
        from {{ ref('lost_by_date') }}
        where kind = 'cancelled' and lesson_date <= {{ as_of() }}
        group by student_no, subject_code
    ) as past on due.student_no = past.student_no and due.subject_code = past.subject_code
)

select *
from stamped
where {{ is_running_year(ref('student_subject_coverage')) }}
