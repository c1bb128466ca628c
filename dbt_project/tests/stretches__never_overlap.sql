-- The lessons of a constellation are summed over the stretches of days on which a student followed it. Stretches of one
-- student that share a day would count its lessons twice, whether both are membership or one is a gap.
with later as (
    select
        student_no,
        constellation_no,
        taken_for,
        first_date,
        max(last_date) over (
            partition by student_no, constellation_no, taken_for
            order by first_date
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from {{ ref('student_stretch') }}
)

select *
from later
where first_date <= covered_until
