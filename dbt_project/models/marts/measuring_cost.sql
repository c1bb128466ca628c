-- Grain: county × work process, and × `*`. Meaning: hours that measuring has taken and would take, beside the hours
-- saved a year as if every school of the county used the system.
select
    pool as county_number,
    process_code,
    cast(samples_given as integer) as samples_given,
    cast(cases_given as integer) as cases_given,
    hours_given,
    cast(samples_planned as integer) as samples_planned,
    cast(cases_planned as integer) as cases_planned,
    hours_planned,
    cast(yearly_cases as integer) as yearly_cases,
    saved_hours,
    low,
    high,
    width_planned,
    hours_to_know,
    (hours_given + hours_planned) / nullif(abs(saved_hours), 0) as cost_share,
    verdict
from {{ ref('measuring_ledger') }}
