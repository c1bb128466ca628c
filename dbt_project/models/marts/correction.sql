-- Grain: closed school year × school × figure × cause. Meaning: what later data would change in the school's closed figures.
with by_student as (
    select
        school_year,
        county_number,
        school_id,
        figure,
        cause,
        student_key,
        sum(minutes) as minutes
    from {{ ref('student_correction') }}
    group by school_year, county_number, school_id, figure, cause, student_key
),

changed as (
    select
        school_year,
        school_id,
        figure,
        count(distinct student_key) as students
    from by_student
    group by school_year, school_id, figure
)

select
    by_student.school_year,
    by_student.county_number,
    by_student.school_id,
    by_student.figure,
    by_student.cause,
    cast(sum(by_student.minutes) as integer) as minutes,
    cast(count(*) as integer) as students,
    cast(any_value(changed.students) as integer) as students_changed
from by_student
inner join changed
    on
        by_student.school_year = changed.school_year
        and by_student.school_id = changed.school_id
        and by_student.figure = changed.figure
group by
    by_student.school_year, by_student.county_number, by_student.school_id, by_student.figure, by_student.cause
