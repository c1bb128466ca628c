-- Grain: school × county × first day. Meaning: which county a school lay in, and from when to when; the first
-- and the last stretch are open, since a register seldom knows a school's whole past.
select
    school_id,
    county_number,
    case when row_number() over (partition by school_id order by valid_from) = 1 then date '1900-01-01' else valid_from end
        as first_day,
    case
        when row_number() over (partition by school_id order by valid_from desc) = 1 then date '9999-12-31'
        else {{ open_end('valid_to') }}
    end as last_day
from {{ ref('stg_school') }}
