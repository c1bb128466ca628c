"""What the invented county measured and planned. The hours are those the estimates give for its samples."""

import random
from datetime import date

import duckdb
import polars as pl

from estimation.minutes import Minutes, estimate_minutes
from estimation.saved_hours import SavedHours, saved_hours
from estimation.warehouse import sums
from ingest.bridge import ArrowStream

AS_OF = date(2026, 3, 2)
# code, name, English name, role, kind, unit, volume source, owner, minutes before and after, cases a month
PROCESSES = (
    ("WARN-SEND", "Skrive og sende varsel", "Write warnings", "teacher", "changed", "ett varsel",
     "absence_warning", "Seksjonsleder opplæring", 30, 5, 40),
    ("ABS-REG", "Føre fravær per time", "Register absence", "teacher", "changed", "én fraværsføring",
     "absence", "Seksjonsleder opplæring", 1.4, 1.1, 900),
    ("WARN-ARCHIVE", "Arkivere varsel på papir", "Archive warnings", "secretary", "removed", "ett varsel",
     "absence_warning", "Arkivleder", 6, 0.4, 40),
    ("NUS-REQ", "Sende og besvare forespørsel om eksamen", "Request an exam", "student;exam_officer", "new",
     "én forespørsel", "sheet", "Eksamensleder", 0, 11, 12),
    ("SUPERUSER", "Superbruker- og supportarbeid", "Super-user work", "super_user", "new", "én støttesak",
     "support_case", "Prosjektleder", 0, 24, 9),
    ("GRADE", "Føre karakterer", "Register grades", "teacher", "changed", "én karakter",
     "sheet", "Seksjonsleder opplæring", 2, None, 150),
    ("TEACH", "Undervise", "Teach", "teacher", "unchanged", "én time", "lesson", "", 45, 45, 2000),
)  # fmt: skip
REGISTER = ("process_code", "name", "name_en", "role", "change_kind", "unit", "volume_source", "owner")
SCHOOLS = tuple(f"9900{n}" for n in range(1, 9))
MONTHS = [date(2024 + m // 12, m % 12 + 1, 1) for m in range(7, 26)]


def add(db: duckdb.DuckDBPyConnection) -> None:
    register = pl.DataFrame([row[:8] for row in PROCESSES], schema=list(REGISTER), orient="row")
    dice = random.Random(4)
    adopted = dict(db.execute("select school_id, adopted_on from marts.adoption").fetchall())
    schools = pl.DataFrame({"school_id": SCHOOLS, "pool": ["99"] * len(SCHOOLS)})
    minutes = estimate_minutes(
        _samples(dice), schools, register.select("process_code", "change_kind"), seed=1, draws=400
    )
    volumes = _volumes(dice).join(register.select("process_code", "role"), on="process_code")
    adoptions = pl.DataFrame({"school_id": SCHOOLS, "adopted_on": [adopted[one] for one in SCHOOLS]})
    found = saved_hours(minutes, volumes.with_columns(county_number=pl.lit("99")), adoptions)
    _write(db, register, minutes, found)
    _plain(db)


def _samples(dice: random.Random) -> pl.DataFrame:
    """Six schools timed the work before, five of them after; grades nobody after."""
    rows = []
    for code, *_, before, after, _cases in PROCESSES:
        for number, school in enumerate(SCHOOLS[:6]):
            for phase, level in (("baseline", before), ("follow_up", after if number < 5 else None)):
                if level:
                    rows += [
                        (code, school, phase, level * dice.lognormvariate(0, 0.25), 10) for _ in range(3)
                    ]
    return pl.DataFrame(
        rows, schema=["process_code", "school_id", "phase", "minutes_per_case", "cases"], orient="row"
    )


def _volumes(dice: random.Random) -> pl.DataFrame:
    rows = [
        (row[0], school, month, max(1, round(row[10] * dice.uniform(0.6, 1.4))))
        for row in PROCESSES
        for school in SCHOOLS[:7]
        for month in MONTHS
    ]
    return pl.DataFrame(rows, schema=["process_code", "school_id", "month", "cases"], orient="row")


def _write(
    db: duckdb.DuckDBPyConnection, register: pl.DataFrame, minutes: Minutes, found: SavedHours
) -> None:
    counties = minutes.process_table().with_columns(school_id=pl.lit("*"))
    table = minutes.table()
    times = pl.concat([table, counties.select(table.columns)]).rename(
        {"pool": "county_number", "mean": "minutes_per_case"}
    )
    volumes = found.rows.select("county_number", "process_code", "school_id", "month", "cases")
    for name, frame in (
        ("work_process", register),
        ("work_process_time", times),
        ("benefit_total", sums(found)),
        ("counted", volumes),
    ):
        stream = ArrowStream(frame)  # noqa: F841 - read by name
        db.execute(f"create table {'marts.' if name != 'counted' else ''}{name} as from stream")


def _plain(db: duckdb.DuckDBPyConnection) -> None:
    """What is registered, and the verdicts of the study, as rows."""
    db.execute(f"""
        create table marts.process_volume as
        select county_number, school_id, process_code, month, cases,
               if(volume_source = 'sheet', 'sheet', 'extract') counted_from,
               if(volume_source = 'sheet', null, cases)::integer extract_cases,
               case when volume_source = 'sheet' then cases
                    when process_code = 'WARN-SEND' then (cases * 1.12)::integer end sheet_cases,
               (sheet_cases - extract_cases)::integer difference
        from counted join marts.work_process using (process_code);
        drop table counted;

        create table marts.benefit_plan as
        with planned as (
          select '99' county_number, process_code, (date '2025-01-01' + to_months(m::integer))::date as month,
                 hours planned_hours
          from range(0, 24) r(m), (values ('WARN-SEND', 95.0), ('ABS-REG', 30.0), ('WARN-ARCHIVE', 22.0),
            ('GRADE', 20.0), ('NUS-REQ', -6.0)) t(process_code, hours))
        select *, sum(planned_hours) over (partition by process_code order by month) planned_so_far
        from planned;

        create table marts.measurement_due as
        select '99' county_number, process_code, owner, date '2024-10-01' last_baseline_on,
               if(process_code = 'GRADE', null, date '2025-11-03') last_follow_up_on,
               if(change_kind = 'removed', null, 'follow_up') due_phase,
               case when process_code = 'GRADE' then date '2025-07-13'
                    when change_kind <> 'removed' then date '2026-11-03' end due_on,
               greatest((date '{AS_OF}' - due_on)::integer, 0)::integer days_overdue
        from marts.work_process where change_kind <> 'unchanged';

        create table marts.position_plan as
        select '99' county_number, school_id, year school_year, role, plan,
               after and school_id <= '99006' is_after_adoption, 40 positions, 26000.0 teaching_hours,
               if(role = 'teacher' and after and plan = 'actual', 12800.0, 12300.0) pedagogical_hours,
               if(role = 'teacher' and after and plan = 'actual', 6700.0, 7200.0) administrative_hours,
               1687.5 full_time_hours
        from (values ('2024-25', false), ('2025-26', true)) y(year, after),
             (values ('99001'), ('99003'), ('99007')) s(school_id),
             (values ('teacher'), ('leader')) t(role), (values ('planned'), ('actual')) p(plan);

        create table marts.attribution as
        select indicator, event_time, 0.1 * scale estimate, estimate - abs(scale) * 0.06 low,
               estimate + abs(scale) * 0.06 high, estimate - abs(scale) * 0.09 band_low,
               estimate + abs(scale) * 0.09 band_high, 2 cohorts, 0.41 pre_trend_p,
               if(event_time = 1 and indicator = 'minutes:WARN-SEND', 'county_change', null) competing_events
        from (select indicator, t::integer event_time,
                     if(t < 0, 0.01 * t, effect * least(t + 1, 3)) scale
              from range(-3, 4) r(t), (values ('hours:administrative', -0.08), ('hours:pedagogical', 0.05),
                ('minutes:WARN-SEND', -80.0), ('minutes:TEACH', 0.02)) v(indicator, effect));

        create table marts.attribution_summary as
        select *, 0.41 pre_trend_p, 24 schools, 2 cohorts, 2 cohorts_estimated,
               0 cohorts_with_competing_events, false cohorts_are_counties, 1 schools_with_gaps,
               0 schools_adopted_before, 0 schools_in_small_cohorts, 1 controls_tried, 0 controls_moved
        from (values
          ('hours:administrative', false, 'decrease', -0.021, -0.032, -0.010, -0.024, 0.016),
          ('hours:pedagogical', false, 'no_clear_change', 0.006, -0.010, 0.022, 0.009, 0.023),
          ('minutes:WARN-SEND', false, 'decrease', -23.5, -27.1, -19.9, -24.0, 5.1),
          ('minutes:ABS-REG', false, 'moved_before', null, null, null, -0.2, null),
          ('minutes:TEACH', true, 'flat', 0.2, -1.5, 1.9, 0.3, 2.4))
          t(indicator, is_control, verdict, estimate, low, high, raw_change, detectable);

        create table marts.measuring_cost as
        select '99' county_number, *, (hours_given + hours_planned) / nullif(abs(saved_hours), 0) cost_share
        from (values
          ('*', 90, 900, 31.0, 12, 120, 4.2, 90000, 2100.0, 1700.0, 2500.0, 350.0, null, 'measure'),
          ('WARN-SEND', 33, 330, 12.5, 4, 40, 1.5, 3300, 1375.0, 1200.0, 1550.0, 150.0, 0.0, 'measure'),
          ('ABS-REG', 33, 330, 2.0, 8, 80, 2.7, 75000, 380.0, 40.0, 720.0, 260.0, 6.0, 'measure'),
          ('NUS-REQ', 15, 150, 3.1, 0, 0, 0.0, 1000, -185.0, -210.0, -160.0, 25.0, 0.0, 'enough'),
          ('GRADE', 18, 180, 1.4, 0, 0, 0.0, 12600, null, null, null, null, null, 'not_asked'))
          t(process_code, samples_given, cases_given, hours_given, samples_planned, cases_planned,
            hours_planned, yearly_cases, saved_hours, low, high, width_planned, hours_to_know, verdict);

        create table marts.sampling_plan as
        select '99' county_number, * from (values
          (1, 'ABS-REG', '99006', 'teacher', 'follow_up', 10, 15, 15, 80.0, 370.0, 0.92),
          (2, 'WARN-SEND', '99006', 'teacher', 'follow_up', 4, 14, 29, 42.0, 355.0, 0.89))
          t(sample_order, process_code, school_id, role, phase, cases, minutes, minutes_so_far,
            hours_narrowed, county_width, county_width_share);

        create table marts.standardisation as
        select process_code, year school_year, 1 counties, schools, adopted schools_adopted, 30 samples,
               minutes minutes_per_case, null::double county_spread, null::double county_spread_low,
               null::double county_spread_high, spread school_spread, spread * 0.6 school_spread_low,
               spread * 1.6 school_spread_high, spread + 0.1 observed_spread, share common_share,
               share - 0.2 common_share_low, least(1, share + 0.15) common_share_high
        from (values ('WARN-SEND', '2024-25', 6, 1, 29.0, 0.22, 0.67), ('WARN-SEND', '2025-26', 5, 5, 5.1,
          0.12, 0.8), ('ABS-REG', '2024-25', 6, 1, 1.4, 0.18, 0.83),
          ('ABS-REG', '2025-26', 5, 5, 1.1, 0.2, 0.8))
          t(process_code, year, schools, adopted, minutes, spread, share);

        create table marts.training_effect as
        select * from (values ('*'), ('99')) c(county_number), (values
          ('video', 'no_clear_change', 4, 4, 3, 56, 61, 50, 52.0, -0.04, -0.3, 0.32, 0.04, 0.05, 0.7),
          ('classroom', 'fewer_cases', 5, 4, 4, 80, 70, 44, 60.0, -0.27, -0.45, -0.04, 0.2, -0.02, 0.8),
          ('webinar', 'too_few_schools', 1, 0, 0, 0, null, null, null, null, null, null, null, null, null))
          t(format, verdict, schools_trained, schools_used, schools_compared, trainings, cases_before,
            cases_after, cases_expected, change, low, high, avoided_per_training, change_before, before_p);
    """)
    for table, column in db.execute("""
        select table_name, column_name from duckdb_columns()
        where schema_name = 'marts' and data_type like 'DECIMAL%' and table_name <> 'position_plan'
    """).fetchall():
        db.execute(f"alter table marts.{table} alter {column} type double")
