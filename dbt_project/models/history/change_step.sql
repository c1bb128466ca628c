{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    pre_hook='{{ forget_same_date() }}'
) }}
-- Grain: as-of date of a build that knew its own day. Meaning: the earlier such date of the same school year it was compared
-- with, when it was built.
select
    {{ history_stamp() }},
    {{ as_of() }} as as_of_date,
    school_year,
    max(as_of_date) as from_date
from {{ ref('student_subject_status') }}
where
    history_basis = 'known_then'
    and as_of_date < {{ as_of() }}
    and '{{ var("history_basis") }}' = 'known_then'
    and {{ is_running_year(ref('student_subject_coverage')) }}
group by school_year
