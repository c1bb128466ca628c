-- Two rows for a school year: validities in the seed absence_limit_rule overlap, and every student would be
-- counted twice.
select
    school_year,
    count(*) as rules
from {{ ref('absence_rule') }}
group by school_year
having count(*) > 1
