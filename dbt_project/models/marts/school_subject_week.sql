-- Grain: school year × school × subject × ISO week. Meaning: the groups' lesson minutes in the subject,
-- those lost (cancelled), and those lost times the students they were meant for. Lessons that serve several
-- subjects count with the usual part of each. What is made up later stands in the week it is made up.
with part as (
    select
        lesson.school_year,
        lesson.group_id,
        lesson.subject_code,
        lesson.week_start,
        {% for kind in ['ordinary', 'cancelled', 'made_up'] -%}
        sum(case
            when lesson.is_fixed then lesson.{{ kind }}_minutes
            else {{ usual_part('lesson.' ~ kind ~ '_minutes', 'usual') }}
        end) as {{ kind }}_minutes{{ "," if not loop.last }}
        {% endfor %}
    from {{ ref('group_subject_minutes') }} as lesson
    inner join {{ ref('group_subject_usual') }} as usual
        on lesson.group_id = usual.group_id and lesson.subject_code = usual.subject_code
    group by lesson.school_year, lesson.group_id, lesson.subject_code, lesson.week_start
),

student_lost as (
    select
        part.group_id,
        part.subject_code,
        part.week_start,
        sum(part.cancelled_minutes * span.students) as minutes
    from part
    inner join {{ ref('group_subject_member') }} as span
        on
            part.group_id = span.group_id
            and part.subject_code = span.subject_code
            and part.week_start between span.first_week and span.last_week
    where part.cancelled_minutes > 0
    group by part.group_id, part.subject_code, part.week_start
)

select
    part.school_year,
    teaching_group.county_number,
    teaching_group.school_id,
    part.subject_code,
    subject.name as subject_name,
    {{ iso_week('part.week_start') }},
    cast(sum(part.ordinary_minutes) as integer) as scheduled_minutes,
    cast(sum(part.cancelled_minutes) as integer) as lost_minutes,
    cast(coalesce(sum(student_lost.minutes), 0) as integer) as student_lost_minutes,
    cast(sum(part.made_up_minutes) as integer) as made_up_minutes
from part
inner join {{ ref('teaching_group') }} as teaching_group on part.group_id = teaching_group.group_id
left join {{ ref('subject') }} as subject on part.subject_code = subject.subject_code
left join student_lost
    on
        part.group_id = student_lost.group_id
        and part.subject_code = student_lost.subject_code
        and part.week_start = student_lost.week_start
group by
    part.school_year, teaching_group.county_number, teaching_group.school_id, part.subject_code, subject.name,
    part.week_start
