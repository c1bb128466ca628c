select cast(null as varchar) as school_year, group_id, subject_code, 0.0::double as loss_rate, 1::bigint as remaining_minutes from {{ ref('stg_teaching_group_subject') }}
