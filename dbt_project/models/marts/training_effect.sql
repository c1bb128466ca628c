-- Grain: county (`*` all) × format. Meaning: what training did to support cases: three months before against three
-- after, beside schools that took up the system in the same half-year and were not trained yet; or why that
-- cannot be said.
select
    county_number,
    format,
    verdict,
    cast(schools_trained as integer) as schools_trained,
    cast(schools_used as integer) as schools_used,
    cast(schools_compared as integer) as schools_compared,
    cast(trainings as integer) as trainings,
    cast(cases_before as integer) as cases_before,
    cast(cases_after as integer) as cases_after,
    cases_expected,
    change,
    low,
    high,
    avoided_per_training,
    change_before,
    before_p
from {{ ref('training_comparison') }}
