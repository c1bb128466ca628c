"""Landing against DuckDB's own typed read of the same CSV: `python -m bench.landing --rows 1000000`."""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from pathlib import Path

import duckdb

from ingest.accounting import Accounts
from ingest.contract import TABLES
from ingest.contract.ddl import create_tables, sql_type
from ingest.delivery import Delivery
from ingest.identity import Pseudonyms
from ingest.landing import land
from ingest.sources.landing_folder import read
from ingest.staging import Staging

PSEUDONYMS = Pseudonyms(b"a key for measuring, of no use..")


def write(folder: Path, rows: int) -> Path:
    """Absences as a county's own pipeline delivers them, and the rows they point at."""
    tables = {
        "school": "SELECT '99001' school_id, DATE '2018-01-01' valid_from, '99' county_number, 'A' AS name, "
        "'county' AS owner",
        "student": "SELECT md5(i::TEXT) student_key, '99' county_number FROM range({people}) t(i)",
        "enrolment": "SELECT 'E' || i enrolment_id, md5(i::TEXT) student_key, '99001' school_id, "
        "'2018-19' school_year, 'full_time' category, DATE '2018-08-20' start_date, true main_school "
        "FROM range({people}) t(i)",
        "teaching_group": "SELECT 'G' || i group_id, '99001' school_id, '2018-19' school_year, 'g' AS name "
        "FROM range(1000) t(i)",
        "absence": "SELECT 'A' || i absence_id, 'E' || (i % {people}) enrolment_id, "
        "'G' || (i % 1000) group_id, "
        "DATE '2018-09-03' + (i % 200)::INTEGER absence_date, 45 AS minutes, 'X' AS code, "
        "true on_certificate FROM range({rows}) t(i)",
    }
    folder.mkdir()
    with duckdb.connect() as connection:
        for table, sql in tables.items():
            query = sql.format(rows=rows, people=max(rows // 60, 1))
            connection.execute(f"COPY ({query}) TO '{folder / table}.csv' (HEADER)")
    return folder


def typed(file: Path) -> float:
    """Seconds for DuckDB to read the file with the contract's types."""
    with file.open() as handle:
        header = handle.readline().strip().split(",")
    columns = {name: sql_type(TABLES["absence"].columns()[name]) for name in header}
    with tempfile.TemporaryDirectory() as home, duckdb.connect(f"{home}/typed.duckdb") as connection:
        started = time.perf_counter()
        connection.execute(
            f"CREATE TABLE typed AS FROM read_csv('{file}', header = true, auto_detect = false, delim = ',', "
            f"columns = {columns})"
        )
        return time.perf_counter() - started


def ruled(delivery: Delivery) -> float:
    """Seconds to type the rows and judge each by itself."""
    with tempfile.TemporaryDirectory() as home, duckdb.connect(f"{home}/ruled.duckdb") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        create_tables(connection)
        connection.execute("CREATE TEMP TABLE this_batch AS SELECT 'one' AS batch_id, now() AS loaded_at")
        started = time.perf_counter()
        Staging(connection, Accounts(connection, "one"), frozenset()).fill(
            "absence", delivery.parts["absence"]
        )
        return time.perf_counter() - started


def landed(delivery: Delivery) -> float:
    """Seconds to land the whole delivery, references and duplicates included."""
    with tempfile.TemporaryDirectory() as home, duckdb.connect(f"{home}/landed.duckdb") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        create_tables(connection)
        started = time.perf_counter()
        land(connection, delivery)
        return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        folder = write(Path(home) / "delivery", given.rows)
        delivery = read(folder, pseudonyms=PSEUDONYMS)
        rounds = [
            (typed(folder / "absence.csv"), ruled(delivery), landed(delivery)) for _ in range(given.rounds)
        ]
    floor, rules, whole = (statistics.median(times) for times in zip(*rounds, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{given.rows} absences, medians of {given.rounds} interleaved rounds, peak {peak:.1f} GB")
    for label, seconds in (("typed read", floor), ("types and rules", rules), ("whole landing", whole)):
        print(f"{label:<16} {seconds:6.2f} s   {seconds / floor:5.2f} x")


if __name__ == "__main__":
    main()
