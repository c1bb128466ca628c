-- Students who followed their groups all year share group totals. A lesson of theirs may stand alone only for an
-- absence or an exam day; anything else here would bring back one row per student and lesson.
select
    student.school_year,
    student.student_key,
    student.lesson_id
from {{ ref('student_lesson') }} as student
inner join {{ ref('constellation_lesson') }} as lesson on student.lesson_id = lesson.lesson_id
inner join {{ ref('student_constellation') }} as membership
    on
        student.school_year = membership.school_year
        and student.student_key = membership.student_key
        and lesson.constellation_key = membership.constellation_key
where student.is_individual and membership.is_regular
