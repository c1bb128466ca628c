"""Landing against DuckDB's own typed read of the same CSV, and the memory it takes as files grow.

`python -m bench.landing [--rows N] [--rounds N]`: absences as a county's own pipeline delivers them, one in
two hundred twice, one in a thousand with an enrolment nobody knows, and the rows they point at.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from bench.measuring import Cost, Row, cost_of, highest, in_a_process, in_turn, print_rows, ratio, tell
from ingest.accounting import Accounts
from ingest.contract import TABLES
from ingest.contract.ddl import sql_type
from ingest.delivery import Delivery
from ingest.identity import Pseudonyms
from ingest.landing import land
from ingest.sources.landing_folder import read
from ingest.staging import Staging
from timerett.settings import settings
from timerett.warehouse import connect

RULES_GOAL, WHOLE_GOAL, MEMORY_GOAL_GB = 1.3, 2.5, 2.0
GROWTH, GROWTH_GOAL, LITTLE_MEMORY_MB = 4, 1.3, 256
PSEUDONYMS = Pseudonyms(b"a key for measuring, of no use..")
_LETTERS = "translate(md5(i::TEXT), '0123456789', 'ghijklmnop')"
_TABLES = {
    "school": "SELECT '99001' school_id, DATE '2018-01-01' valid_from, '99' county_number, 'A' AS name, "
    "'county' AS owner",
    "student": f"SELECT {_LETTERS} student_key, '99' county_number FROM range({{people}}) t(i)",
    "enrolment": f"SELECT 'E' || i enrolment_id, {_LETTERS} student_key, '99001' school_id, "
    "'2018-19' school_year, 'full_time' category, DATE '2018-08-20' start_date, true main_school "
    "FROM range({people}) t(i)",
    "teaching_group": "SELECT 'G' || i group_id, '99001' school_id, '2018-19' school_year, 'g' AS name "
    "FROM range({groups}) t(i)",
    "absence": "SELECT 'A' || i absence_id, "
    "CASE WHEN i % 1000 = 7 THEN 'X' ELSE 'E' END || (i % {people}) enrolment_id, "
    "'G' || (i % {groups}) group_id, DATE '2018-09-03' + (i % 200)::INTEGER absence_date, 45 AS minutes, "
    "'X' AS code, true on_certificate "
    "FROM (FROM range({rows}) UNION ALL SELECT range * 200 FROM range({rows} // 200)) t(i)",
}


def write(folder: Path, rows: int, form: str = "csv") -> Path:
    """A delivery of so many absences, of sixty to a student as in a county's year."""
    folder.mkdir()
    numbers = {"rows": rows, "people": max(rows // 60, 1), "groups": max(rows // 270, 1)}
    with duckdb.connect() as connection:
        for table, sql in _TABLES.items():
            connection.execute(f"COPY ({sql.format(**numbers)}) TO '{folder / table}.{form}' (FORMAT {form})")
    return folder


def typed(folder: Path) -> Cost:
    """DuckDB reads the file with the contract's types."""
    file = folder / "absence.csv"
    with file.open() as handle:
        header = handle.readline().strip().split(",")
    columns = {name: sql_type(TABLES["absence"].columns()[name]) for name in header}
    with tempfile.TemporaryDirectory() as home, duckdb.connect(f"{home}/typed.duckdb") as connection:
        return cost_of(
            lambda: connection.execute(
                f"CREATE TABLE typed AS FROM read_csv('{file}', header = true, auto_detect = false, "
                f"delim = ',', columns = {columns})"
            )
        )


def ruled(folder: Path) -> Cost:
    """The rows are typed and each is judged by itself."""
    part = _delivery(folder).parts["absence"]
    with connect(settings().warehouse) as connection:
        connection.execute("CREATE TEMP TABLE this_batch AS SELECT 'one' AS batch_id, now() AS loaded_at")
        staging = Staging(connection, Accounts(connection, "one"), frozenset())
        return cost_of(lambda: staging.fill("absence", part))


def landed(folder: Path) -> Cost:
    """The whole delivery lands, references and duplicates included."""
    delivery = _delivery(folder)
    with connect(settings().warehouse) as connection:
        return cost_of(lambda: land(connection, delivery))


def _delivery(folder: Path) -> Delivery:
    return read(folder, pseudonyms=PSEUDONYMS)


_WORK: dict[str, Callable[[Path], Cost]] = {"typed": typed, "ruled": ruled, "landed": landed}


def results(rows: int, rounds: int) -> list[Row]:
    """The ratios."""
    with tempfile.TemporaryDirectory() as home:
        folder = write(Path(home) / "delivery", rows)
        found = in_turn(rounds, {what: partial(_measured, what, folder) for what in _WORK})
    ruled, whole = (ratio(found[what], found["typed"]) for what in ("ruled", "landed"))
    return [
        Row("types and scalar rules / DuckDB's typed read", ruled, "x", RULES_GOAL),
        Row("with references and duplicates / typed read", whole, "x", WHOLE_GOAL),
        Row("peak memory of landing", highest(found["landed"]), "GB", MEMORY_GOAL_GB),
    ]


def memory(rows: int) -> list[Row]:
    """The peak at four times the rows over the peak at once, where DuckDB may hold little."""
    found = []
    for form in ("csv", "parquet"):
        peaks = []
        for times in (1, GROWTH):
            with tempfile.TemporaryDirectory() as home:
                folder = write(Path(home) / "delivery", rows * times, form)
                peaks.append(_measured("landed", folder, LITTLE_MEMORY_MB).gigabytes)
        what = f"landing {form}: peak at {GROWTH} x the rows / at 1 x"
        found.append(Row(what, peaks[1] / peaks[0], "x", GROWTH_GOAL))
    return found


def _measured(what: str, folder: Path, memory_mb: int | None = None) -> Cost:
    given = {} if memory_mb is None else {"TIMERETT_MEMORY_MB": memory_mb}
    with tempfile.TemporaryDirectory() as home:
        return in_a_process("bench.landing", "--only", what, "--folder", folder, TIMERETT_HOME=home, **given)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="how memory grows, instead of the ratios")
    parser.add_argument("--only", choices=_WORK, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        tell(_WORK[given.only](given.folder))
    elif given.memory:
        print_rows(f"{given.rows} absences, and {GROWTH} times as many", memory(given.rows))
    else:
        print_rows(f"{given.rows} absences", results(given.rows, given.rounds))


if __name__ == "__main__":
    main()
