-- Grain: as landing.school. One school under one owner, for as long as its particulars were valid.
select
    school_id,
    valid_from,
    valid_to,
    county_number,
    name,
    organisation_number,
    owner,
    batch_id
from {{ source('landing', 'school') }}
