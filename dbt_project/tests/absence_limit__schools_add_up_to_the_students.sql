-- Each student counts at one school, once for each subject and once for all together.
with by_student as (
    select
        school_year,
        period,
        coalesce(subject_code, '*') as subject_code,
        count(distinct student_key) as students,
        count(distinct student_key) filter (where status = 'over') as students_over,
        count(distinct student_key) filter (where status = 'over' and warning_due) as students_over_unwarned,
        count(distinct student_key) filter (where status <> 'clear') as students_reached,
        count(distinct student_key) filter (where warning_due) as students_warning_due
    from {{ ref('absence_limit') }}
    where limit_percent is not null
    group by grouping sets ((school_year, period, subject_code), (school_year, period))
),

by_school as (
    select
        school_year,
        period,
        subject_code,
        sum(students) as students,
        sum(students_over) as students_over,
        sum(students_over_unwarned) as students_over_unwarned,
        sum(students_reached) as students_reached,
        sum(students_warning_due) as students_warning_due
    from {{ ref('school_absence_limit') }}
    group by school_year, period, subject_code
)

(select * from by_student except select * from by_school)
union all
(select * from by_school except select * from by_student)
