"""A small invented county with the published schema: eight schools, one of them tiny, seeded by hashing.

Run `python -m tests.dashboard.fixture FILE.duckdb` to write it.
"""

import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from tests.dashboard import benefits, changes, evidence, project

AS_OF = "2026-03-02"
YEAR = "2025-26"

# school_id, name, number of students, share of the hours the timetable has, extra loss, days since extract
SCHOOLS = [
    ("99001", "Fjordgløtt videregående skole", 412, 1.06, 0.00, 0),
    ("99002", "Granheim videregående skole", 388, 1.06, 0.012, 0),
    ("99003", "Havnvik videregående skole", 296, 1.08, -0.01, 0),
    ("99004", "Lyngstad videregående skole", 240, 1.06, 0.00, 2),
    ("99005", "Myrdal videregående skole", 188, 1.055, 0.01, 0),
    ("99006", "Nordås videregående skole", 520, 1.07, 0.00, 0),
    ("99007", "Solbakken videregående skole", 152, 1.06, -0.01, 14),
    ("99008", "Utvær oppvekstsenter", 8, 1.05, 0.00, 0),
]

SUBJECTS = [
    ("NOR1260", "Norsk Vg1", 113),
    ("ENG1007", "Engelsk", 140),
    ("MAT1019", "Matematikk 1P", 140),
    ("NAT1007", "Naturfag", 140),
    ("SAK1001", "Samfunnskunnskap", 84),
    ("KRO1017", "Kroppsøving", 56),
    ("GEO1003", "Geografi", 56),
]

WATERFALL = ("scheduled", "outside_membership", "cancelled", "diverted", "made_up", "remaining", "offered")
PARTS = (*WATERFALL, "substitute", "exam", "assumed")
STATUSES = ("not_assigned", "short", "at_risk", "unknown", "on_track", "met", "exempt", "left")


def _chance(*salt: str) -> str:
    return f"((hash({', '.join(salt)}) % 100000) / 100000.0)"


def _reference(db: duckdb.DuckDBPyConnection) -> None:
    db.execute("create schema marts")
    db.execute(f"""
        create table marts.publication as
        select date '{AS_OF}' as_of_date, timestamptz '{AS_OF} 05:40:00+01' built_at,
               'fixture-1' build_id, true synthetic;
        create table marts.county as select '99' county_number, 'Syntetia fylke' as name,
               date '2018-01-01' valid_from, null::date valid_to, null::varchar successor_numbers;
        create table marts.programme_area as select * from (values
               ('STUSP1----', 'Studiespesialisering Vg1'), ('ELELE1----', 'Elektro og datateknologi Vg1'))
               t(programme_area_code, name);
        create table shape
          (school_id varchar, name varchar, size integer, plan double, loss double, age integer);
        create table marts.subject (subject_code varchar, name varchar, kind varchar);
        create table hours (subject_code varchar, name varchar, hours integer);
    """)
    db.executemany("insert into shape values (?, ?, ?, ?, ?, ?)", SCHOOLS)
    db.executemany("insert into hours values (?, ?, ?)", SUBJECTS)
    db.execute(f"""
        insert into marts.subject select subject_code, name, 'common' from hours;
        create table marts.school as
        select school_id, '99' county_number, name, 'Syntetia fylke' as owner, date '2018-01-01' valid_from,
               null::date valid_to,
               date '{AS_OF}' - age::integer extracted_on, age age_teaching_days, age > 10 is_stale,
               if(school_id = '99008', null, 63 + {_chance("school_id", "'n'")}) latitude,
               if(school_id = '99008', null, 6 + 2 * {_chance("school_id", "'e'")}) longitude
        from shape;
    """)


def _students(db: duckdb.DuckDBPyConnection) -> None:
    loss = f"greatest(0, 0.012 + loss + 0.07 * power({_chance('group_id', chr(39) + 'g' + chr(39))}, 12))"
    db.execute(f"""
        create table member as
        select school_id, shape.* exclude (school_id), n, school_id || '-e' || n enrolment_id,
               md5(school_id || n) student_key,
               if(n % 4 = 0, 'ELELE1----', 'STUSP1----') programme_area_code,
               school_id || ':' || (n // 28) || ':' || subject_code group_id,
               chr((65 + n // 28)::integer) || ' ' || hours.name group_name,
               subject_code, hours.name subject_name, hours * 60 required_minutes
        from shape, range(1, 521) r(n), hours where n <= size;

        create table marts.student_subject_coverage as
        with drawn as (
          select *, {_chance("student_key", "subject_code", "'a'")} < 0.004 as unassigned,
                 {_chance("student_key", "'x'")} < 0.006 as is_exempt,
                 {_chance("student_key", "'l'")} < 0.012 as has_left, age > 10 as stale,
                 {loss} as loss_rate,
                 (required_minutes * plan)::integer as s,
                 if({_chance("student_key", "'o'")} < 0.03, (required_minutes * 0.05)::integer, 0) as o,
                 if({_chance("student_key", "subject_code", "'d'")} < 0.08, 90, 0) as d
          from member
        ), parts as (
          select *, if(unassigned, 0, s) scheduled_minutes, if(unassigned, 0, o) outside_membership_minutes,
                 if(unassigned, 0, (s * loss_rate)::integer) cancelled_minutes,
                 if(unassigned, 0, d) diverted_minutes,
                 if(unassigned, 0, (s * loss_rate * 0.3)::integer) made_up_minutes,
                 if(unassigned, 0, (s * if(subject_code = 'GEO1003', 0, 0.37))::integer) remaining_minutes
          from drawn
        ), offered as (
          select *, scheduled_minutes - outside_membership_minutes - cancelled_minutes - diverted_minutes
                    + made_up_minutes - remaining_minutes as offered_minutes
          from parts
        ), projected as (
          select *, (offered_minutes + remaining_minutes * (1 - loss_rate * 0.7))::integer projected_minutes
          from offered
        )
        select '{YEAR}' school_year, '99' county_number, school_id, enrolment_id, student_key,
               programme_area_code, 'Vg1' as level, subject_code, date '{AS_OF}' as_of_date,
               'curriculum' requirement_basis, required_minutes curriculum_minutes,
               if(is_exempt, 0, required_minutes) required_minutes, scheduled_minutes,
               outside_membership_minutes, cancelled_minutes, diverted_minutes, made_up_minutes,
               remaining_minutes, offered_minutes, (cancelled_minutes * 0.8)::integer substitute_minutes,
               0 exam_minutes, (offered_minutes * if(age > 0, 0.4, 0.02))::integer assumed_minutes,
               (offered_minutes * 0.03)::integer absent_undocumented_minutes,
               (offered_minutes * 0.02)::integer absent_documented_minutes, 0 absent_rights_minutes,
               0 absent_deducted_minutes, (offered_minutes * 0.95)::integer attended_minutes,
               if(is_exempt, 0, greatest(0, required_minutes - scheduled_minutes
                 + outside_membership_minutes)) not_scheduled_minutes,
               projected_minutes, if(is_exempt, 0, greatest(0, required_minutes - projected_minutes))
                 missing_minutes,
               case when is_exempt then 'exempt' when has_left then 'left' when unassigned then 'not_assigned'
                    when stale then 'unknown' when offered_minutes >= required_minutes then 'met'
                    when projected_minutes >= required_minutes then 'on_track'
                    when offered_minutes + remaining_minutes >= required_minutes then 'at_risk'
                    else 'short' end status
        from projected;

        create table marts.student_subject_detail as
        select '{YEAR}' school_year, '99' county_number, school_id, student_key, subject_code, subject_name,
               0.03 loss_rate, date '2025-10-06' known_from, 'cancelled' shortfall_cause,
               group_id group_ids, group_name group_names, 'shipped' curriculum_source
        from member;
    """)


def _aggregates(db: duckdb.DuckDBPyConnection) -> None:
    minutes = ", ".join(f"sum({p}_minutes) {p}_minutes" for p in ("required", *PARTS, "missing"))
    unassigned = "sum(if(status = 'not_assigned', required_minutes, 0))::bigint not_assigned_minutes"
    room = "sum(if(status = 'not_assigned', 0, not_scheduled_minutes))::bigint not_scheduled_minutes"
    few = ("outside_membership", "cancelled", "diverted", "made_up", "not_scheduled")
    with_minutes = ", ".join(f"count(*) filter ({p}_minutes > 0) students_with_{p}" for p in few)
    by_status = ", ".join(f"count(*) filter (status = '{s}') students_{s}" for s in STATUSES)
    subjects = ", ".join(f"count(*) filter (status = '{s}') subjects_{s}" for s in STATUSES)
    worst = " ".join(f"when count(*) filter (status = '{s}') > 0 then '{s}'" for s in STATUSES[:-1])
    db.execute(f"""
        create table marts.student_coverage as
        select school_year, county_number, school_id, enrolment_id, student_key, programme_area_code, level,
               'ordinary' category, as_of_date, {minutes}, {room}, {unassigned}, {subjects},
               case when bool_or(status = 'left') then 'left' {worst} end status
        from marts.student_subject_coverage group by all;
        create table marts.school_coverage as
        select school_year, county_number, school_id, as_of_date, count(*) students, {by_status},
               {with_minutes}, {minutes},
               sum(not_scheduled_minutes) not_scheduled_minutes,
               sum(not_assigned_minutes) not_assigned_minutes
        from marts.student_coverage group by all;
        create table marts.school_subject_coverage as
        select school_year, county_number, school_id, subject_code, name subject_name, as_of_date,
               count(*) students, {by_status}, {minutes}, {room}, {unassigned}
        from marts.student_subject_coverage join marts.subject using (subject_code) group by all;
        create table marts.loss_cause as
        with long as (
          select school_year, county_number, school_id, subject_code, programme_area_code, student_key,
                 unnest(['outside_membership', 'cancelled', 'diverted', 'not_scheduled', 'not_assigned'])
                   as cause,
                 unnest([outside_membership_minutes, cancelled_minutes, diverted_minutes,
                         if(status = 'not_assigned', 0, not_scheduled_minutes),
                         if(status = 'not_assigned', required_minutes, 0)]) as lost
          from marts.student_subject_coverage where status not in ('left', 'exempt')
        )
        select school_year, county_number, school_id, subject_code, name subject_name, programme_area_code,
               cause, if(cause = 'cancelled', 'sickness', null) cancellation_cause,
               sum(lost)::bigint student_minutes, count(*) students
        from long join marts.subject using (subject_code) where lost > 0 group by all;
    """)


def _history(db: duckdb.DuckDBPyConnection) -> None:
    """The same county seen from earlier Mondays: fewer shortfalls known, more still on track."""
    db.execute(f"""
        create table marts.coverage_history as
        with day as (
          select week, date '{AS_OF}' - ((25 - week) * 7)::integer as_of_date from range(1, 26) r(week)),
        counts as (
          select *, week / 25.0 as grown from marts.school_coverage c, day d
        ), told as (
          select *, (students_short * power(grown, 1.5))::integer short,
                 (students_at_risk * grown)::integer risk,
                 (students_met * power(grown, 3))::integer done
          from counts
        )
        select 'known_then' basis, 'build-' || week build_id, told.as_of_date_1 as_of_date,
               told.as_of_date_1 + interval 1 day built_at, school_year, county_number, school_id, students,
               students_not_assigned, short students_short, risk students_at_risk, students_unknown,
               students_on_track + students_met - done + students_short - short + students_at_risk - risk
                 students_on_track,
               done students_met, students_exempt, students_left, required_minutes,
               (missing_minutes * grown)::bigint missing_minutes, assumed_minutes
        from told;
    """)


def _groups(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"""
        create table grp as
        select school_id, group_id, group_name, subject_code, subject_name, count(*) members,
               any_value(c.required_minutes) required_minutes, max(scheduled_minutes) scheduled_minutes,
               max(cancelled_minutes) cancelled_minutes, max(made_up_minutes) made_up_minutes,
               max(remaining_minutes) remaining_minutes, max(projected_minutes) projected_minutes,
               count(*) filter (status in ('short', 'at_risk')) students_missing,
               max(missing_minutes) filter (status in ('short', 'at_risk')) missing_each,
               sum(missing_minutes) filter (status in ('short', 'at_risk')) missing_all
        from member join marts.student_subject_coverage c using (school_id, student_key, subject_code)
        where c.status <> 'not_assigned' group by school_id, group_id, group_name, subject_code, subject_name;

        create table marts.group_forecast as
        select '{YEAR}' school_year, '99' county_number, school_id, group_id, group_name, subject_code,
               subject_name, members, r.entitled required_minutes, scheduled_minutes,
               scheduled_minutes - remaining_minutes past_minutes, cancelled_minutes, made_up_minutes,
               remaining_minutes, projected_minutes, scheduled_minutes / r.entitled plan_margin,
               0.03 loss_rate, 14 weeks_left, remaining_minutes // 14 weekly_minutes_planned,
               (remaining_minutes + greatest(0, r.entitled - projected_minutes)) // 14
                 weekly_minutes_needed,
               case when projected_minutes >= r.entitled then 'on_track'
                    when students_missing > 0 then 'short' else 'at_risk' end status
        from grp join (select subject_code, hours * 60 entitled from hours) r using (subject_code);

        create table marts.recovery as
        select '{YEAR}' school_year, '99' county_number, school_id, group_id, group_name, subject_code,
               subject_name, 45 lesson_minutes, ceil(missing_each / 45)::integer lessons_to_add,
               45 * ceil(missing_each / 45)::integer minutes_to_add, students_missing,
               students_missing students_lifted, missing_all student_minutes_recovered,
               missing_all / ceil(missing_each / 45) minutes_per_lesson_added,
               rank() over (order by missing_all / ceil(missing_each / 45) desc, group_id) rank_in_county
        from grp where students_missing > 0 and missing_each > 0;

        create table week as
        select (date '2025-08-18' + (w * 7)::integer)::date week_start, w from range(0, 43) r(w)
        where w not in (7, 18, 19, 26, 32);

        create table marts.group_week as
        select '{YEAR}' school_year, '99' county_number, school_id, group_id, isoyear(week_start) iso_year,
               weekofyear(week_start) iso_week, week_start,
               (scheduled_minutes / 38)::integer scheduled_minutes,
               (scheduled_minutes / 38)::integer - lost held_minutes, lost cancelled_minutes,
               (lost * 0.3)::integer made_up_minutes, (lost * 0.5)::integer substitute_minutes,
               0 merged_minutes, 0 supervised_minutes, 0 self_study_minutes, 0 assumed_minutes,
               if(week_start > date '{AS_OF}', (scheduled_minutes / 38)::integer, 0) remaining_minutes,
               members
        from (select *, if(week_start < date '{AS_OF}' and {_chance("group_id", "w")} < 0.10, 90, 0) lost
              from grp, week);

        create table marts.school_subject_week as
        select school_year, county_number, school_id, subject_code, subject_name, iso_year, iso_week,
               week_start, sum(group_week.scheduled_minutes) scheduled_minutes,
               sum(group_week.cancelled_minutes) lost_minutes,
               sum(group_week.cancelled_minutes * group_week.members) student_lost_minutes,
               sum(group_week.made_up_minutes) made_up_minutes
        from marts.group_week join grp using (school_id, group_id) group by all;

        create table marts.school_day_loss as
        select school_year, county_number, school_id, (week_start + d.day)::date lesson_date,
               'teaching' day_kind, (sum(scheduled_minutes) / 5)::integer scheduled_minutes,
               if({_chance("school_id", "(week_start + d.day)::date::varchar")} < 0.4, 90, 0) lost_minutes,
               if({_chance("(week_start + d.day)::date::varchar", "school_id")} < 0.1, 90, 0) made_up_minutes
        from marts.school_subject_week, (select unnest([0, 1, 2, 3, 4]) as day) d
        where week_start + d.day <= date '{AS_OF}' group by all;

        create table marts.loss_concentration as
        select school_year, county_number, subject_code, any_value(subject_name) subject_name,
               sum(lost_minutes)::integer lost_minutes, count(distinct school_id)::integer schools,
               2 schools_holding_half, (sum(lost_minutes) * 0.55)::integer held_minutes,
               '99002|99006' school_ids
        from marts.school_subject_week group by school_year, county_number, subject_code;

        create table marts.data_quality as
        select '' as detail, * from (values
          ('99', 'requirement_unknown', '99004', 'warning', 3, 'subject ABC1234', date '2026-02-16'),
          ('99', 'quarantined_rows', '99002', 'warning', 12, 'lesson without group', date '2026-02-23'),
          ('99', 'stale_extract', '99007', 'error', 1, '14 teaching days old', date '2026-02-23'))
          t(county_number, check_code, school_id, severity, rows, example, first_seen);
    """)


def build(path: Path) -> Path:
    path.write_bytes(_whole())
    return path


@cache
def _whole() -> bytes:
    """Made once in a process: the same bytes wherever it is published."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fixture.duckdb"
        with duckdb.connect(str(path)) as db:
            _reference(db)
            _students(db)
            _aggregates(db)
            _history(db)
            _groups(db)
            evidence.add(db)
            project.add(db)
            benefits.add(db)
            changes.add(db)
            for helper in ("member", "grp", "week", "shape", "hours"):
                db.execute(f"drop table {helper}")
        return path.read_bytes()


if __name__ == "__main__":
    build(Path(sys.argv[1]))
