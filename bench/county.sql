insert into landing.school
select '1', date '2018-01-01', null, '99', 'Bench', null, 'county', 'b', 'b', 1;

insert into landing.batch values
('b', 'landing', '99', 'full', now(), now(), 'b', true, 'landed');

insert into landing.batch_school values ('b', 'lesson', '1');

insert into landing.curriculum_hours
select 'F' || subject, '*', '2018-19', null, 140, 'b', 'b', 1 from range({groups_per_student}) as s(subject);

insert into landing.student select 's' || n, '99', 'b', 'b', 1 from range({students}) as s(n);

insert into landing.enrolment
select
    'e' || n, 's' || n, '1', '2018-19', 'XX', 'Vg1', 'part_time', date '2018-08-20', null, true, 'b', 'b', 1
from range({students}) as s(n);

insert into landing.subject_enrolment
select 'e' || n, 'F' || subject, date '2018-08-20', null, 'E', 'b', 'b', 1
from range({students}) as s(n), range({groups_per_student}) as f(subject);

insert into landing.teaching_group
select 'g' || class || '_' || subject, '1', '2018-19', 'g', 'b', 'b', 1
from range({classes}) as c(class), range({groups_per_student}) as f(subject);

insert into landing.teaching_group_subject
select 'g' || class || '_' || subject, 'F' || subject, 'b', 'b', 1
from range({classes}) as c(class), range({groups_per_student}) as f(subject);

insert into landing.group_membership
select
    'e' || n,
    'g' || (n // {students_per_group}) || '_' || subject,
    case when hash(n, subject) % 100 < 6 then date '2018-10-20' else date '2018-08-20' end,
    null, 'b', 'b', 1
from range({students}) as s(n), range({groups_per_student}) as f(subject);

insert into landing.lesson
select
    'l' || class || '_' || subject || '_' || k,
    '1',
    (date '2018-08-20' + cast(k * 295 / {lessons_per_group} as integer))::timestamp + interval (8 * 60 + 45 * (subject % 8)) minute,
    (date '2018-08-20' + cast(k * 295 / {lessons_per_group} as integer))::timestamp + interval (8 * 60 + 45 * (subject % 8) + 45) minute,
    case
        when hash(class, subject, k) % 100 < 4 then 'cancelled'
        when k < {lessons_per_group} * 0.6 then 'held'
        else 'timetabled'
    end,
    case when hash(class, subject, k, 1) % 100 < 5 then 'substitute' end,
    null, null, null, 'b', 'b', 1
from range({classes}) as c(class), range({groups_per_student}) as f(subject), range({lessons_per_group}) as l(k);

insert into landing.lesson_group
select 'l' || class || '_' || subject || '_' || k, 'g' || class || '_' || subject, 'b', 'b', 1
from range({classes}) as c(class), range({groups_per_student}) as f(subject), range({lessons_per_group}) as l(k);

insert into landing.lesson_group
select 'l' || class || '_0_' || k, 'g' || (class + 1) || '_0', 'b', 'b', 1
from range({classes} - 1) as c(class), range({lessons_per_group}) as l(k)
where class % 2 = 0;

insert into landing.lesson_teacher
select lesson_id, 't' || lesson_id[2:4], 'b', 'b', 1 from landing.lesson;

insert into landing.absence
select
    'a' || n || '_' || k,
    'e' || n,
    'g' || (n // {students_per_group}) || '_' || (hash(n, k) % {groups_per_student}),
    'l' || (n // {students_per_group}) || '_' || (hash(n, k) % {groups_per_student}) || '_'
    || (hash(n, k, 2) % cast({lessons_per_group} * 0.6 as integer)),
    null, null, null, date '2018-10-01',
    case when hash(n, k, 3) % 10 = 0 then 20 end,
    (['X', 'M', 'D', '!', 'R', '§'])[cast(1 + hash(n, k, 4) % 6 as bigint)],
    null, 'b', 'b', 1
from range({students}) as s(n), range({absences}) as a(k);
