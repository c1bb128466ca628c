{{ config(materialized='view') }}
-- Grain: school year × as-of date of a build that knew its own day × the date it was compared with. Meaning: the unbroken
-- line of such builds back from the latest; a build for a date passed over by a later one stands outside it.
with recursive step as (
    select
        school_year,
        from_date,
        as_of_date
    from {{ ref('change_step') }}
    where history_basis = 'known_then'
),

chain as (
    select
        status.school_year,
        max(status.as_of_date) as as_of_date
    from {{ ref('student_subject_status') }} as status
    where status.history_basis = 'known_then'
    group by status.school_year
    union all
    select
        chain.school_year,
        step.from_date as as_of_date
    from chain
    inner join step on chain.school_year = step.school_year and chain.as_of_date = step.as_of_date
)

select
    chain.school_year,
    chain.as_of_date,
    step.from_date
from chain
inner join step on chain.school_year = step.school_year and chain.as_of_date = step.as_of_date
