-- Grain: work process × school × month, where cases were counted. Meaning: how many cases there were. From the
-- first month in which the school's extracts hold the process they count, and say none where they hold none;
-- before that, and for other processes, the sheet counts. Where both do, they stand beside each other.
with extracted as (
    select
        source.process_code,
        counted.school_id,
        counted.month,
        counted.cases
    from {{ ref('counted_source') }} as source
    inner join {{ ref('case_count') }} as counted on source.volume_source = counted.volume_source
),

stated as (
    select
        process_code,
        school_id,
        cast(date_trunc('month', month) as date) as month,
        sum(cases) as cases
    from {{ ref('stg_process_volume') }}
    where month <= {{ as_of() }}
    group by process_code, school_id, date_trunc('month', month)
),

extracted_since as (
    select
        process_code,
        school_id,
        min(month) as first_month
    from extracted
    group by process_code, school_id
),

counted as (
    select
        coalesce(extracted.process_code, stated.process_code) as process_code,
        coalesce(extracted.school_id, stated.school_id) as school_id,
        coalesce(extracted.month, stated.month) as month,
        extracted.cases as extract_cases,
        stated.cases as sheet_cases
    from extracted
    full outer join stated
        on
            extracted.process_code = stated.process_code
            and extracted.school_id = stated.school_id
            and extracted.month = stated.month
),

compared as (
    select
        counted.process_code,
        counted.school_id,
        counted.month,
        case when counted.month >= since.first_month then coalesce(counted.extract_cases, 0) end as extract_cases,
        counted.sheet_cases
    from counted
    left join extracted_since as since
        on counted.process_code = since.process_code and counted.school_id = since.school_id
)

select
    school.county_number,
    compared.school_id,
    compared.process_code,
    compared.month,
    cast(coalesce(compared.extract_cases, compared.sheet_cases) as integer) as cases,
    case when compared.extract_cases is not null then 'extract' else 'sheet' end as counted_from,
    cast(compared.extract_cases as integer) as extract_cases,
    cast(compared.sheet_cases as integer) as sheet_cases,
    cast(compared.sheet_cases - compared.extract_cases as integer) as difference
from compared
inner join {{ ref('school_now') }} as school on compared.school_id = school.school_id
