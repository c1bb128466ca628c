-- Grain: school year × county × subject with lessons lost. Meaning: the fewest schools that together hold at
-- least half of the lesson minutes lost in the subject up to the as-of date, those with most first.
with school as (
    select
        school_year,
        county_number,
        subject_code,
        school_id,
        sum(lost_minutes) as lost
    from {{ ref('school_subject_week') }}
    where week_start <= {{ as_of() }}
    group by school_year, county_number, subject_code, school_id
),

ranked as (
    select
        school_year,
        county_number,
        subject_code,
        school_id,
        lost,
        sum(lost) over (partition by school_year, county_number, subject_code) as lost_in_all,
        count(*) over (partition by school_year, county_number, subject_code) as schools,
        sum(lost) over (
            partition by school_year, county_number, subject_code
            order by lost desc, school_id
            rows between unbounded preceding and current row
        ) as lost_so_far
    from school
)

select
    ranked.school_year,
    ranked.county_number,
    ranked.subject_code,
    subject.name as subject_name,
    cast(max(ranked.lost_in_all) as integer) as lost_minutes,
    cast(max(ranked.schools) as integer) as schools,
    cast(count(*) as integer) as schools_holding_half,
    cast(sum(ranked.lost) as integer) as held_minutes,
    string_agg(ranked.school_id, '|' order by ranked.lost desc, ranked.school_id) as school_ids
from ranked
left join {{ ref('subject') }} as subject on ranked.subject_code = subject.subject_code
where
    ranked.lost_in_all > 0
    -- Up to and including the school with which half is reached.
    and 2 * (ranked.lost_so_far - ranked.lost) < ranked.lost_in_all
group by ranked.school_year, ranked.county_number, ranked.subject_code, subject.name
