-- Grain: one time sample that can be used. Meaning: minutes per case as measured by the as-of date. What was
-- measured as a follow-up before the school took up the system is none, and is left out.
select
    sample.process_code,
    sample.school_id,
    sample.phase,
    sample.sampled_on,
    cast(sample.minutes_per_case as double) as minutes_per_case,
    sample.cases,
    sample.method,
    {{ school_year_of('sample.sampled_on') }} as school_year,
    {{ school_year_of('sample.sampled_on') }} = {{ school_year_of(as_of()) }} as this_year
from {{ ref('stg_time_sample') }} as sample
inner join {{ ref('stg_work_process') }} as process on sample.process_code = process.process_code
inner join {{ ref('school_adoption') }} as adoption on sample.school_id = adoption.school_id
where
    sample.sampled_on <= {{ as_of() }}
    and (sample.phase = 'baseline' or sample.sampled_on >= adoption.adopted_on)
