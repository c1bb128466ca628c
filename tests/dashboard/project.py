"""What the invented county registers about the rollout, with the published schema."""

import duckdb

AS_OF = "2026-03-02"
AT = "'99' county_number, school_id"


def add(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"""
        create table marts.adoption as
        select {AT}, n <= 2 is_pilot, date '2025-01-06' planned_on,
               case when n <= 2 then date '2025-01-13' when n <= 6 then date '2025-08-18' end adopted_on,
               date_trunc('month', adopted_on)::date adopted_month,
               (adopted_on - planned_on)::integer days_late
        from (select school_id, row_number() over (order by school_id) n from shape);

        create table marts.milestone as
        select '99' county_number, school_id, milestone, planned_on, reached_on,
               if(reached_on is not null or planned_on < date '{AS_OF}',
                  (coalesce(reached_on, date '{AS_OF}') - planned_on)::integer, null) days_late,
               case when reached_on is null and planned_on < date '{AS_OF}' then 'overdue'
                    when reached_on is null then 'ahead'
                    when reached_on > planned_on then 'reached_late'
                    else 'reached' end state
        from shape, (values
               ('adoption', date '2025-01-06', null),
               ('full_operation', date '2026-08-15', null),
               ('guardian_access', date '2025-09-01', date '2025-10-13'))
               t(milestone, planned_on, reached_on);

        create table marts.training as
        select {AT}, format, 'Føre fravær' topic, 20 trainings, 20 - missing completed, missing overdue,
               1 completed_late, 10 ratings, 38 rating_sum
        from shape, (values ('video', 6), ('webinar', 2), ('classroom', 0)) t(format, missing);

        create table marts.support as
        select {AT}, kind, (date '{AS_OF}' - (7 * w)::integer)::date week_start, (w % 4 + 1)::integer opened,
               (w % 3)::integer closed, (w % 2)::integer duplicates, 9 open_at_end
        from shape, range(1, 31) r(w), (values ('error'), ('question'), ('improvement')) t(kind);

        create table marts.support_age as
        select {AT}, kind, area, 'high' severity, age_band, 2 open_cases, 1 duplicates, oldest oldest_days
        from shape, (values ('error', 'absence', 'longer', 140), ('error', 'absence', 'week', 3),
                     ('improvement', 'timetable', 'month', 25)) t(kind, area, age_band, oldest);

        create table marts.role as
        select {AT}, role, if(role = 'exam_officer' and size < 200, 0, 1) people, people > 0 is_filled,
               date '2025-01-01' held_since, null::date vacant_since
        from shape, (values ('super_user'), ('exam_officer')) t(role);

        create table marts.integration as
        select '99' county_number, * from (values
          ('payroll', 60, 30, 4, date '2026-03-01', 'failed', date '2026-02-27', 4100),
          ('hr', 60, 30, 0, date '2026-03-01', 'ok', date '2026-03-01', 900))
          t(integration, runs, recent_runs, recent_failures, last_run_on, last_outcome, last_ok_on,
            last_ok_records);

        create table marts.migration as
        select '99' county_number, * from (values
          ('students', date '2025-08-01', 2204, 2204, 0, 'equal', 2),
          ('grades', date '2025-08-01', 9000, 8990, -10, 'unexplained', 1))
          t(object, checked_on, legacy_count, new_count, difference, state, checks);

        create table marts.acceptance as
        select * from (values
          ('2026.1', 'absence', date '2026-02-02', null::date, 28, 40, 35, 3, 1, 1),
          ('2025.2', 'absence', date '2025-06-02', date '2025-06-20', 18, 40, 40, 0, 0, 0))
          t(release, area, supplier_date, accepted_on, days_to_acceptance, tests, passed, failed, blocked,
            not_run);

        create table marts.readiness as
        select {AT}, '2025-26' school_year, date '2025-08-18' first_day,
               (size // 10)::integer groups_on_first_day,
               (size // 10)::integer groups_with_lessons, (size // 11)::integer groups_with_teacher,
               size students, size - (size // 12)::integer students_ready
        from shape;

        create table marts.rollout_school as
        select adoption.county_number, school_id, is_pilot, adopted_on,
               datediff('month', adopted_on, date '{AS_OF}')::integer months_in_use,
               if(is_pilot, 60, 40) support_cases, if(is_pilot, 30, 25) errors, 30 closed_cases,
               60 trainings, 52 trained, 30 ratings, 114 rating_sum
        from marts.adoption;
    """)
