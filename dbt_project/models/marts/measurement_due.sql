-- Grain: county × work process the system changes. Meaning: when it was measured last and when the next
-- measurement is due: once before the county takes up the system, then half a year and a year after, then
-- every year. Who answers for it stands beside.
with county as (
    select
        county_number,
        min(coalesce(adopted_on, planned_on)) as first_adoption
    from {{ ref('school_adoption') }}
    where planned_on is not null
    group by county_number
),

measured as (
    select
        school.county_number,
        sample.process_code,
        max(sample.sampled_on) filter (where sample.phase = 'baseline') as last_baseline_on,
        max(sample.sampled_on) filter (where sample.phase = 'follow_up') as last_follow_up_on
    from {{ ref('sample_known') }} as sample
    inner join {{ ref('measured_school') }} as school on sample.school_id = school.school_id
    group by school.county_number, sample.process_code
),

standing as (
    select
        county.county_number,
        process.process_code,
        process.owner,
        process.change_kind,
        county.first_adoption,
        measured.last_baseline_on,
        measured.last_follow_up_on
    from county
    cross join {{ ref('stg_work_process') }} as process
    left join measured
        on county.county_number = measured.county_number and process.process_code = measured.process_code
),

due as (
    select
        *,
        case
            when last_baseline_on is null and change_kind <> 'new' then 'baseline'
            when change_kind <> 'removed' then 'follow_up'
        end as due_phase,
        case
            when last_baseline_on is null and change_kind <> 'new' then first_adoption
            when change_kind = 'removed' then null
            when last_follow_up_on is null then first_adoption + interval 6 month
            when last_follow_up_on < first_adoption + interval 12 month then first_adoption + interval 12 month
            else last_follow_up_on + interval 12 month
        end as due_on
    from standing
)

select
    county_number,
    process_code,
    owner,
    last_baseline_on,
    last_follow_up_on,
    due_phase,
    cast(due_on as date) as due_on,
    cast(greatest({{ as_of() }} - cast(due_on as date), 0) as integer) as days_overdue
from due
