-- Grain: school year × student × subject × period with absence that counts. Meaning: minutes of counted
-- absence in the half-years and in the year, which is settled as one.
with counted_code as (
    select
        school_year,
        unnest(string_split(counted_codes, '|')) as absence_code
    from {{ ref('absence_rule') }}
),

counted as (
    select
        taken.student_no,
        taken.subject_code,
        taken.period,
        sum(taken.minutes) as minutes
    from {{ ref('absence_taken_numbered') }} as taken
    inner join {{ ref('student_year') }} as student on taken.student_no = student.student_no
    inner join counted_code
        on student.school_year = counted_code.school_year and taken.absence_code = counted_code.absence_code
    group by taken.student_no, taken.subject_code, taken.period
)

select
    student.school_year,
    student.student_key,
    counted.subject_code,
    coalesce(counted.period, 'year') as period,
    cast(sum(counted.minutes) as bigint) as counted
from counted
inner join {{ ref('student_year') }} as student on counted.student_no = student.student_no
group by grouping sets (
    (student.school_year, student.student_key, counted.subject_code, counted.period),
    (student.school_year, student.student_key, counted.subject_code)
)
