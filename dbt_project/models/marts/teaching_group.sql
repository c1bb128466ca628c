-- Grain: teaching group. Meaning: its name, school, subjects and members on the as-of date.
with subject as (
    select
        group_id,
        string_agg(subject_code, '|' order by subject_code) as subject_codes
    from {{ ref('stg_teaching_group_subject') }}
    group by group_id
),

member as (
    select
        group_id,
        count(*) as members
    from {{ ref('membership_span') }}
    where {{ as_of() }} between start_date and end_date
    group by group_id
)

select
    teaching_group.school_year,
    school.county_number,
    teaching_group.school_id,
    teaching_group.group_id,
    teaching_group.name,
    subject.subject_codes,
    cast(coalesce(member.members, 0) as integer) as members
from {{ ref('stg_teaching_group') }} as teaching_group
left join {{ ref('school_now') }} as school on teaching_group.school_id = school.school_id
left join subject on teaching_group.group_id = subject.group_id
left join member on teaching_group.group_id = member.group_id
