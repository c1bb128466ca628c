-- Grain: one enrolment of a student entitled to instruction (private candidates and those abroad are left out).
-- Meaning: which enrolments bear the student's rows on the as-of date, and which one is primary. `student_no` numbers
-- the students of a school year within this build: what is joined by the million is joined by numbers.
with enrolment as (
    select
        enrolment_id,
        student_key,
        school_id,
        school_year,
        programme_area_code,
        level,
        category,
        start_date,
        end_date,
        {{ open_end('end_date') }} as last_date,
        main_school
    from {{ ref('stg_enrolment') }}
    where category not in ('private_candidate', 'abroad')
),

ranked as (
    select
        *,
        case
            when start_date <= {{ as_of() }} and last_date >= {{ as_of() }} then 1
            when start_date > {{ as_of() }} then 2
            else 3
        end as standing
    from enrolment
),

best as (
    select
        *,
        min(standing) over (partition by student_key, school_year) as best_standing,
        min(case when standing = 2 then start_date end) over (partition by student_key, school_year) as next_start,
        max(last_date) over (partition by student_key, school_year) as last_end
    from ranked
),

bearing as (
    select
        *,
        coalesce(
            standing = best_standing
            and (
                standing = 1
                or (standing = 2 and start_date = next_start)
                or (standing = 3 and last_date = last_end)
            ),
            false
        ) as is_bearing
    from best
)

select
    enrolment_id,
    cast(dense_rank() over (order by school_year, student_key) as integer) as student_no,
    student_key,
    school_id,
    school_year,
    programme_area_code,
    level,
    category,
    start_date,
    end_date,
    main_school,
    is_bearing,
    is_bearing and row_number() over (
        partition by student_key, school_year
        order by is_bearing desc, main_school desc, start_date desc, enrolment_id
    ) = 1 as is_primary
from bearing
