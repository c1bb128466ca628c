-- The floor: the least any computation of the waterfall must do. Absences joined to their lessons and summed per
-- student and group; lessons summed per group.
select
    (
        select count(*)
        from (
            select
                absence.enrolment_id,
                absence.group_id,
                sum(coalesce(absence.minutes, date_diff('minute', lesson.starts_at, lesson.ends_at))) as minutes
            from landing.absence as absence
            inner join landing.lesson as lesson on absence.lesson_id = lesson.lesson_id
            group by absence.enrolment_id, absence.group_id
        )
    ),
    (
        select count(*)
        from (
            select
                lesson_group.group_id,
                lesson.status,
                sum(date_diff('minute', lesson.starts_at, lesson.ends_at)) as minutes
            from landing.lesson_group as lesson_group
            inner join landing.lesson as lesson on lesson_group.lesson_id = lesson.lesson_id
            group by lesson_group.group_id, lesson.status
        )
    )
