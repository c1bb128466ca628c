-- Grain: student × school year × slot left open. Meaning: what the programme area demands and the student does
-- not take; it becomes a row if the shortest subject that fits has room, under the first subject the slot
-- lists where that is free, else under the slot's code.
with roomy as (
    select
        student.school_year,
        student.student_key,
        fill.slot_code,
        fill.open_minutes,
        room.name as slot_name,
        room.curriculum_source,
        case when own_subject.subject_code is null then room.first_subject_code end as free_subject_code
    from {{ ref('subject_set') }} as student
    inner join {{ ref('slot_fill') }} as fill
        on
            student.school_year = fill.school_year
            and student.programme_area_key = fill.programme_area_key
            and student.subject_set_key = fill.subject_set_key
    inner join {{ ref('slot_room') }} as room
        on
            fill.school_year = room.school_year
            and fill.programme_area_key = room.programme_area_key
            and fill.slot_code = room.slot_code
    left join {{ ref('own_subject') }} as own_subject
        on
            student.school_year = own_subject.school_year
            and student.student_key = own_subject.student_key
            and room.first_subject_code = own_subject.subject_code
    where fill.open_minutes > 0 and fill.open_minutes >= coalesce(room.shortest_minutes, 0)
),

numbered as (
    select
        *,
        row_number() over (
            partition by school_year, student_key, free_subject_code order by slot_code
        ) as claim
    from roomy
)

select
    school_year,
    student_key,
    slot_code,
    slot_name,
    case when free_subject_code is not null and claim = 1 then free_subject_code else slot_code end as subject_code,
    open_minutes,
    curriculum_source
from numbered
