-- Grain: school year × period × school × probable cause, and `*` for all causes together. Meaning: how many
-- subject totals of the administration system differ from ours for that cause, and how many students they
-- are about; under `*` a student counts once.
select
    school_year,
    period,
    county_number,
    school_id,
    case when grouping(probable_cause) = 1 then '*' else probable_cause end as probable_cause,
    cast(count(*) as integer) as totals,
    cast(count(distinct student_key) as integer) as students
from {{ ref('reconciliation') }}
group by
    grouping sets (
        (school_year, period, county_number, school_id, probable_cause),
        (school_year, period, county_number, school_id)
    )
