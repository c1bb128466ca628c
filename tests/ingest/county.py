"""A county in miniature, as landing rows, and the means to deliver and read it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import polars as pl

from ingest.accounting import Accounts
from ingest.bridge import fetch
from ingest.contract import TABLES
from ingest.contract.ddl import create_tables
from ingest.delivery import Delivery, Kind, Part
from ingest.identity import Pseudonyms
from ingest.landing import Landed, land
from ingest.sources.output import Output
from ingest.staging import Staging

Row = dict[str, Any]
Rows = dict[str, list[Row]]
PSEUDONYMS = Pseudonyms(b"a key for tests")
FIRST_EXTRACT = datetime(2026, 1, 12, 5, tzinfo=UTC)


def county() -> Rows:
    """Two schools, each with a student in one group that has two lessons, one of them ahead."""
    rows: Rows = {table: [] for table in ("school", "student", "enrolment", "teaching_group")}
    rows |= {
        table: [] for table in ("group_membership", "lesson", "lesson_group", "lesson_subject", "absence")
    }
    for number in ("1", "2"):
        school = f"100{number}"
        rows["school"].append(
            {
                "school_id": school,
                "valid_from": "2020-01-01",
                "county_number": "99",
                "name": f"Skole {number}",
                "owner": "county",
            }
        )
        rows["student"].append({"student_key": f"s{number}", "county_number": "99"})
        rows["enrolment"].append(
            {
                "enrolment_id": f"e{number}",
                "student_key": f"s{number}",
                "school_id": school,
                "school_year": "2025-26",
                "category": "full_time",
                "start_date": "2025-08-18",
                "main_school": "true",
            }
        )
        rows["teaching_group"].append(
            {"group_id": f"g{number}", "school_id": school, "school_year": "2025-26", "name": "1A"}
        )
        rows["group_membership"].append(
            {"enrolment_id": f"e{number}", "group_id": f"g{number}", "start_date": "2025-08-18"}
        )
        for day, name in (("2026-01-08", "past"), ("2026-01-15", "ahead")):
            lesson = f"{name}{number}"
            rows["lesson"].append(
                {
                    "lesson_id": lesson,
                    "school_id": school,
                    "starts_at": f"{day}T08:00:00Z",
                    "ends_at": f"{day}T09:00:00Z",
                    "status": "timetabled",
                }
            )
            rows["lesson_group"].append({"lesson_id": lesson, "group_id": f"g{number}"})
            rows["lesson_subject"].append({"lesson_id": lesson, "subject_code": "NOR1260", "minutes": "60"})
        rows["absence"].append(
            {
                "absence_id": f"a{number}",
                "enrolment_id": f"e{number}",
                "group_id": f"g{number}",
                "lesson_id": f"past{number}",
                "absence_date": "2026-01-08",
                "minutes": "30",
                "code": "X",
            }
        )
    return rows


def frame(table: str, rows: list[Row], file: str | None = None) -> pl.DataFrame:
    names = list(TABLES[table].columns())
    texts = {name: [row.get(name) for row in rows] for name in names}
    return pl.DataFrame(texts, schema=dict.fromkeys(names, pl.String)).with_columns(
        pl.lit(file or f"{table}.csv").alias("source_file"),
        pl.Series("source_row", range(2, len(rows) + 2), dtype=pl.Int64),
    )


def delivery(
    rows: Mapping[str, list[Row]],
    *,
    source: str = "landing",
    kind: Kind = "full",
    day: int = 0,
    schools: Iterable[str] | None = None,
) -> Delivery:
    """The rows as one delivery, extracted some days after the first."""
    output = Output(PSEUDONYMS)
    for table, listed in rows.items():
        output.add(table, frame(table, listed))
    return output.delivery(
        source=source,
        kind=kind,
        extracted_at=FIRST_EXTRACT + timedelta(days=day),
        delivered=rows,
        county_number="99",
        schools=schools,
    )


def staged(table: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A table's rows that may land, typed, and those that may not, with column, rule and value."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        create_tables(connection)
        connection.execute("CREATE TEMP TABLE this_batch AS SELECT 'one' AS batch_id, now() AS loaded_at")
        Staging(connection, Accounts(connection, "one"), frozenset()).fill(table, [Part(rows.height, rows)])
        names = ", ".join(TABLES[table].columns())
        good = fetch(connection, f"SELECT {names}, source_row FROM arriving ORDER BY source_row")
        bad = fetch(
            connection, "SELECT source_row, column_name, rule, value, payload FROM landing.quarantine"
        )
        return good, bad.sort("source_row")


def land_rows(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, list[Row]], **of: Any) -> Landed:
    return land(connection, delivery(rows, **of))


def keys(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The first key column of everything that has landed in a table."""
    key = TABLES[table].primary_key()[0]
    return [
        value for (value,) in connection.execute(f"SELECT {key} FROM landing.{table} ORDER BY 1").fetchall()
    ]


def waiting(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str | None, str, bool]]:
    return connection.execute(
        "SELECT table_name, column_name, rule, is_orphan FROM landing.quarantine WHERE resolved_at IS NULL "
        "ORDER BY ALL"
    ).fetchall()


def contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that has landed, without where it came from."""
    found = {}
    for table in TABLES:
        names = ", ".join(TABLES[table].columns())
        found[table] = connection.execute(f"SELECT {names} FROM landing.{table} ORDER BY ALL").fetchall()
    return found
