-- Each total counts at one school under one cause, and each student once under all causes together.
with by_total as (
    select
        school_year,
        period,
        coalesce(probable_cause, '*') as probable_cause,
        count(*) as totals,
        count(distinct student_key) as students
    from {{ ref('reconciliation') }}
    group by grouping sets ((school_year, period, probable_cause), (school_year, period))
),

by_school as (
    select
        school_year,
        period,
        probable_cause,
        sum(totals) as totals,
        sum(students) as students
    from {{ ref('school_reconciliation') }}
    group by school_year, period, probable_cause
)

(select * from by_total except select * from by_school)
union all
(select * from by_school except select * from by_total)
