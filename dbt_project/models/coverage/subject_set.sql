-- Grain: student × school year, full-time. Meaning: the set of subjects that fills the slots; students with the
-- same set in the same programme area are filled once.
select
    student.school_year,
    student.student_key,
    student.programme_area_key,
    coalesce(
        string_agg(
            own_subject.subject_code || '=' || coalesce(cast(own_subject.curriculum_minutes as varchar), '?'),
            '|' order by own_subject.subject_code
        ),
        ''
    ) as subject_set_key
from {{ ref('student_year') }} as student
left join {{ ref('own_subject') }} as own_subject
    on student.school_year = own_subject.school_year and student.student_key = own_subject.student_key
where student.category = 'full_time'
group by student.school_year, student.student_key, student.programme_area_key
