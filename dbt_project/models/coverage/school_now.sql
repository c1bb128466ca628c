-- Grain: one school. Meaning: its particulars on the as-of date (else the latest before it, else the first).
select
    school_id,
    county_number,
    name,
    owner,
    valid_from,
    valid_to
from {{ ref('stg_school') }}
qualify row_number() over (
    partition by school_id
    order by
        (valid_from <= {{ as_of() }} and {{ open_end('valid_to') }} >= {{ as_of() }}) desc,
        (valid_from <= {{ as_of() }}) desc,
        case when valid_from <= {{ as_of() }} then valid_from end desc,
        valid_from
) = 1
