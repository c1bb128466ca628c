-- Grain: school year. Meaning: which years are closed, since when and by which build, and whether rows have had to be
-- removed since.
select
    school_year,
    closed_at,
    as_of_date,
    build_id,
    checksum,
    first_checksum,
    rewritten_at,
    rewritten_for
from {{ source('closed', 'year') }}
