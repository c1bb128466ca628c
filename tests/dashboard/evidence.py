"""What the invented county has besides its figures: lessons, absences, decisions, deliveries and totals.

The lessons are made apart from the figures; that the two agree is tested on a real build.
"""

import duckdb

AS_OF = "2026-03-02"
YEAR = "2025-26"
SCOPE = f"'{YEAR}' school_year, '99' county_number, school_id"


def _chance(*salt: str) -> str:
    return f"((hash({', '.join(salt)}) % 100000) / 100000.0)"


def add(db: duckdb.DuckDBPyConnection) -> None:
    """Needs the helper tables of the small county: member, grp and week."""
    _of_students(db)
    _lessons(db)
    _absence_limit(db)
    _deliveries(db)
    _agreement(db)


def _of_students(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"""
        alter table marts.student_subject_detail add column if not exists slot_name varchar;
        alter table marts.student_subject_detail add column if not exists decision_id varchar;
        alter table marts.data_quality add column if not exists detail varchar;

        create table marts.student_membership as
        select {SCOPE}, student_key, group_id, group_name,
               if(n % 33 = 0, date '2025-10-01', date '2025-08-18') start_date, null::date end_date
        from member;

        create table marts.student_decision as
        select distinct {SCOPE}, student_key, 'V-' || student_key decision_id, 'KRO1017' subject_code,
               'exempt' kind, null::integer decided_minutes, date '2025-09-01' valid_from,
               null::date valid_to, date '2025-09-04' decided_on, true is_in_force
        from member where n % 50 = 7;

        create table marts.student_exam_period as
        select distinct {SCOPE}, student_key, enrolment_id, 'exam' kind, date '2025-12-02' start_date,
               date '2025-12-02' end_date
        from member where n % 20 = 3;

        create table marts.curriculum_rule_used as
        select distinct '{YEAR}' school_year, programme_area_code, subject_code,
               (required_minutes / 60)::decimal(12, 4) as hours, required_minutes curriculum_minutes,
               'shipped' curriculum_source, 'Udir-1-2026' source, '*' matched_pattern,
               '2020-21' valid_from_year
        from member;

        create table marts.student_absence as
        select {SCOPE}, student_key, group_id || ':2025-11-03' lesson_id, date '2025-11-04' lesson_date,
               'autumn' period, subject_code, if(n % 3 = 0, '!', 'X') absence_code, 'lesson' stage,
               45 as minutes
        from member where n % 6 = 0;
    """)


def _lessons(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"""
        create table marts.group_lesson as
        with drawn as (
          select *, (week_start + 1)::date lesson_date, {_chance("group_id", "w")} luck from grp, week
        )
        select {SCOPE}, group_id, group_id || ':' || week_start lesson_id, lesson_date,
               (lesson_date::varchar || ' 07:15:00+00')::timestamptz starts_at, 90 as minutes,
               case when lesson_date > date '{AS_OF}' then 'timetabled' when luck < 0.05 then 'cancelled'
                    when luck < 0.10 then 'timetabled' else 'held' end status,
               if(luck between 0.9 and 0.95, 'substitute', null) cover,
               if(luck < 0.05 and lesson_date <= date '{AS_OF}', 'Sykdom', null) cause,
               null::varchar replaces_lesson_id, null::varchar subject_code,
               luck < 0.05 and lesson_date <= date '{AS_OF}' is_cancelled,
               lesson_date > date '{AS_OF}' is_ahead,
               luck between 0.05 and 0.10 and lesson_date <= date '{AS_OF}' is_assumed
        from drawn;
    """)


def _absence_limit(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"""
        create table marts.absence_limit as
        with counted as (
          select *, period, (required_minutes * 0.125 * {_chance("student_key", "subject_code", "'f'")} ** 8
                    * if(period = 'year', 1, 0.5))::integer counted_minutes
          from member, (select unnest(['year', 'autumn', 'spring']) period)
        ), judged as (
          select *, counted_minutes * 100.0 / required_minutes share,
                 case when counted_minutes * 10 > required_minutes then 'over'
                      when counted_minutes * 20 >= required_minutes then 'warn' else 'clear' end status,
                 {_chance("student_key", "'w'")} < 0.6 warned
          from counted
        )
        select {SCOPE}, period, student_key, subject_code, date '{AS_OF}' as_of_date, counted_minutes,
               required_minutes subject_minutes, share::decimal(9, 2) percent,
               10::decimal(9, 2) limit_percent, status,
               if(warned and status <> 'clear', date '2026-01-09', null) warned_on,
               status <> 'clear' and not warned warning_due, false is_comparable
        from judged;
        create table marts.school_absence_limit as
        select school_year, period, county_number, school_id, coalesce(subject_code, '*') subject_code,
               count(distinct student_key) students,
               count(distinct student_key) filter (status = 'over') students_over,
               count(distinct student_key) filter (status = 'over' and warning_due) students_over_unwarned,
               count(distinct student_key) filter (status <> 'clear') students_reached,
               count(distinct student_key) filter (warning_due) students_warning_due,
               max(limit_percent) limit_percent, bool_and(is_comparable) is_comparable
        from marts.absence_limit
        group by grouping sets ((school_year, period, county_number, school_id, subject_code),
                                (school_year, period, county_number, school_id));
    """)


def _deliveries(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"""
        create table marts.batch as
        select * from (values
          ('fint-1', 'fint', '99', 'full', timestamptz '{AS_OF} 05:00:00+01',
           timestamptz '{AS_OF} 05:20:00+01', true, 'landed'),
          ('absence-1', 'report:absence', '99', 'delta', timestamptz '{AS_OF} 05:00:00+01',
           timestamptz '{AS_OF} 05:21:00+01', true, 'landed'))
          t(batch_id, source, county_number, kind, extracted_at, loaded_at, synthetic, outcome);
        create table marts.batch_file as
        select * from (values
          ('fint-1', 'utdanning.elev/elev.json', 'student', 2204, 2200, 4, 0, 0),
          ('fint-1', 'utdanning.timeplan/time.json', 'lesson', 22000, 20000, 1500, 460, 40),
          ('absence-1', 'fravaer.csv', 'absence', 5000, 4800, 100, 88, 12))
          t(batch_id, source_file, table_name, rows_read, rows_landed, rows_unchanged, rows_superseded,
            rows_quarantined);
        create table marts.quarantine as
        select 'fint-1' batch_id, '99' county_number, 'utdanning.timeplan/time.json' source_file,
               100 + i source_row, 'lesson' table_name, 'ends_at' column_name, 'ends after it starts' as rule,
               '2001-01-01T08:00:00Z' as value, false is_orphan, timestamptz '{AS_OF} 05:20:00+01' first_seen,
               null::timestamptz resolved_at
        from range(40) r(i)
        union all
        select 'absence-1', '99', 'fravaer.csv', 10 + i, 'absence', 'enrolment_id',
               'must point at a known enrolment', '•••', true, timestamptz '{AS_OF} 05:21:00+01',
               if(i < 2, timestamptz '{AS_OF} 05:30:00+01', null)
        from range(12) r(i);
        update marts.data_quality set detail = 'ABC1234' where check_code = 'requirement_unknown';
    """)


def _agreement(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"""
        create table marts.reconciliation as
        with drawn as (
          select *, {_chance("student_key", "subject_code", "'r'")} luck
          from marts.student_subject_coverage where status <> 'not_assigned'
        ), told as (
          select *, case when luck < 0.8 then 'none' when luck < 0.9 then 'rounding'
                         when luck < 0.98 then 'extract_dates' else 'unexplained' end probable_cause
          from drawn
        )
        select {SCOPE}, student_key, subject_code, 'year' period, offered_minutes ours_teaching_minutes,
               offered_minutes + if(luck < 0.8, 0, 45) theirs_teaching_minutes,
               if(luck < 0.8, 0, 45) teaching_difference_minutes,
               absent_undocumented_minutes ours_absence_minutes,
               absent_undocumented_minutes theirs_absence_minutes, 0 absence_difference_minutes,
               probable_cause
        from told;
        create table marts.school_reconciliation as
        select school_year, period, county_number, school_id, coalesce(probable_cause, '*') probable_cause,
               count(*) totals, count(distinct student_key) students
        from marts.reconciliation
        group by grouping sets ((school_year, period, county_number, school_id, probable_cause),
                                (school_year, period, county_number, school_id));
        create table marts.forecast_backtest as
        select '{YEAR}' school_year, '99' county_number, (date '2025-09-30' + (30 * i)::integer) cutoff_date,
               (22 - 4 * i)::integer horizon_weeks, 600 group_subjects, 90.0 - 15 * i actual_lost_minutes,
               60.0 - 9 * i mae_ours, 70.0 - 10 * i mae_no_loss, 80.0 - 11 * i mae_group_rate,
               90.0 - 11 * i rmse_ours, 120.0 - 13 * i rmse_no_loss, 110.0 - 12 * i rmse_group_rate
        from range(5) r(i);
    """)
