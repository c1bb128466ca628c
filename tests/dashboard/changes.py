"""What the invented county knows of earlier publications and closed years, with the published schema."""

import duckdb

YEAR, CLOSED, AS_OF = "2025-26", "2024-25", "2026-03-02"
CAUSES = "(values ('cancelled', 60, 5), ('made_up', -45, 7), ('late_registration', 45, 11))"


def add(db: duckdb.DuckDBPyConnection) -> None:
    """Two earlier dates; some students each cause, more of them the longer ago."""
    db.execute(f"""
        create table marts.student_change as
        select '{YEAR}' school_year, '99' county_number, school_id, student_key, subject_code,
               name subject_name, from_date, to_date, figure, cause,
               (case figure when 'missing' then size else -size end)::integer as minutes
        from (select *, hash(student_key, cause, from_date) % every as drawn
              from (select distinct school_id, student_key, subject_code from marts.student_subject_coverage)
              join marts.subject using (subject_code),
              (values (date '2026-01-26', date '2026-02-16'), (date '2026-02-16', date '{AS_OF}'))
                d(from_date, to_date),
              {CAUSES} c(cause, size, every), (values ('missing'), ('offered'), ('attended')) f(figure))
        where drawn = 0;

        create table marts.coverage_change as
        with moved as (
          select school_year, county_number, school_id, since.from_date, date '{AS_OF}' to_date, figure,
                 cause, student_key, sum(minutes) as minutes
          from (select distinct from_date from marts.student_change) since
          join marts.student_change s on s.from_date >= since.from_date group by all)
        select * exclude (student_keys, all_keys), len(student_keys)::integer students,
               len(list_distinct(flatten(all_keys)))::integer students_changed
        from (select *, array_agg(student_keys) over (partition by school_id, from_date, figure) all_keys
              from (select * exclude (student_key, minutes), sum(minutes)::integer as minutes,
                           list(student_key) student_keys from moved group by all));

        create table marts.change_since as
        select '{YEAR}' school_year, '99' county_number, school_id, from_date, date '{AS_OF}' to_date,
               status_from, status_to, count(*)::integer students
        from (select school_id, from_date, status status_to,
                     case hash(student_key, from_date) % 23 when 0 then 'short' when 1 then 'on_track'
                     else status end status_from
              from marts.student_coverage,
                   (select unnest([date '2026-01-26', date '2026-02-16']) from_date))
        group by all;

        create table marts.closed_year as
        select '{CLOSED}' school_year, timestamptz '2025-08-20 08:00:00+02' closed_at,
               date '2025-08-18' as_of_date, 'fixture-0' build_id, repeat('4f', 32) checksum,
               repeat('a1', 32) first_checksum, timestamptz '2025-11-03 09:00:00+01' rewritten_at,
               'erasure' rewritten_for;
        create table marts.correction as
        select '{CLOSED}' school_year, * exclude (school_year, from_date, to_date)
        from marts.coverage_change where from_date = date '2026-02-16';
        create table marts.correction_status as
        select '{CLOSED}' school_year, * exclude (school_year, from_date, to_date)
        from marts.change_since where from_date = date '2026-02-16';
        create table marts.student_correction as
        select '{CLOSED}' school_year, * exclude (school_year, from_date, to_date)
        from marts.student_change where from_date = date '2026-02-16';
    """)
