-- Grain: student × school year × lesson that needs a look of its own: of a constellation the student was in only
-- partly, with an absence, or cancelled on the student's exam day. Never the lessons of those who simply
-- followed their groups.
with individual as (
    select
        student.school_year,
        student.student_key,
        lesson.lesson_id,
        true as is_individual,
        false as is_exam
    from {{ ref('student_constellation') }} as student
    inner join {{ ref('constellation_lesson') }} as lesson on student.constellation_key = lesson.constellation_key
    where not student.is_regular
),

absent as (
    select
        absence.school_year,
        absence.student_key,
        matched.lesson_id,
        false as is_individual,
        false as is_exam
    from {{ ref('absence_on_lesson') }} as matched
    inner join {{ ref('absence_registration') }} as absence on matched.absence_id = absence.absence_id
),

exam as (
    select
        school_year,
        student_key,
        lesson_id,
        false as is_individual,
        true as is_exam
    from {{ ref('exam_lesson') }}
),

every_pair as (
    select * from individual
    union all
    select * from absent
    union all
    select * from exam
)

select
    school_year,
    student_key,
    lesson_id,
    bool_or(is_individual) as is_individual,
    bool_or(is_exam) as is_exam
from every_pair
group by school_year, student_key, lesson_id
