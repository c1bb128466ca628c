-- The naive way: one row per student and lesson, with a simplified waterfall.
select count(*)
from (
    select
        membership.enrolment_id,
        membership.group_id,
        sum(date_diff('minute', lesson.starts_at, lesson.ends_at)) as scheduled,
        sum(case when lesson.status = 'cancelled' then 45 else 0 end) as cancelled,
        sum(coalesce(absence.minutes, 0)) as absent
    from landing.group_membership as membership
    inner join landing.lesson_group as lesson_group on membership.group_id = lesson_group.group_id
    inner join landing.lesson as lesson
        on
            lesson_group.lesson_id = lesson.lesson_id
            and cast(timezone('Europe/Oslo', lesson.starts_at) as date) >= membership.start_date
    left join landing.absence as absence
        on membership.enrolment_id = absence.enrolment_id and lesson.lesson_id = absence.lesson_id
    group by membership.enrolment_id, membership.group_id
)
