-- Grain: work process × volume source the extracts hold. Meaning: which extract a process' cases are counted
-- from: the first of those the register names. A process without one is counted by the sheet alone.
with named as (
    select
        process_code,
        unnest(string_split(volume_source, ';')) as volume_source,
        generate_subscripts(string_split(volume_source, ';'), 1) as place
    from {{ ref('stg_work_process') }}
)

select
    process_code,
    trim(volume_source) as volume_source
from named
where
    trim(volume_source) in (
        'absence', 'absence_warning', 'lesson', 'lesson(substitute)', 'lesson(replaces)', 'lesson_group', 'enrolment',
        'subject_enrolment', 'group_membership', 'staff_position', 'support_case', 'role_assignment'
    )
    or trim(volume_source) like 'decision%'
qualify row_number() over (partition by process_code order by place) = 1
