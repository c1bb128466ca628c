-- Grain: one support case. Meaning: as it was known on the as-of date; one that repeats another says so.
select
    school.county_number,
    cases.school_id,
    cases.case_id,
    cases.kind,
    cases.area,
    cases.severity,
    cases.duplicate_of is not null as is_duplicate,
    {{ local_date('cases.opened_at') }} as opened_on,
    case when {{ local_date('cases.closed_at') }} <= {{ as_of() }} then {{ local_date('cases.closed_at') }} end
        as closed_on
from {{ ref('stg_support_case') }} as cases
inner join {{ ref('school_now') }} as school on cases.school_id = school.school_id
where {{ local_date('cases.opened_at') }} <= {{ as_of() }}
