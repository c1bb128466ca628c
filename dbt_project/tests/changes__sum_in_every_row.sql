-- What was offered moved, for each student and subject and since each build before, by the sum of its causes.
with known as (
    select
        status.school_year,
        status.school_id,
        status.student_key,
        status.subject_code,
        chain.as_of_date,
        sum(case when status.as_of_date = chain.as_of_date then status.offered_minutes else -status.offered_minutes end)
            as moved
    from {{ ref('change_chain') }} as chain
    inner join {{ ref('student_subject_status') }} as status
        on
            chain.school_year = status.school_year
            and status.as_of_date in (chain.from_date, chain.as_of_date)
    where status.history_basis = 'known_then' and status.status <> 'left'
    group by status.school_year, status.school_id, status.student_key, status.subject_code, chain.as_of_date
),

told as (
    select
        school_year,
        school_id,
        student_key,
        subject_code,
        to_date,
        sum(minutes) as minutes
    from {{ ref('student_change') }}
    where figure = 'offered'
    group by school_year, school_id, student_key, subject_code, to_date
)

select known.*
from known
left join told
    on
        known.school_year = told.school_year
        and known.school_id = told.school_id
        and known.student_key = told.student_key
        and known.subject_code = told.subject_code
        and known.as_of_date = told.to_date
where known.moved <> coalesce(told.minutes, 0)
