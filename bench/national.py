"""A published county as often as makes a country: each outward table, as wide and skewed as the real one.

`python -m bench.national PUBLISHED.duckdb TARGET.duckdb [--copies N]`. The synthetic county of twelve schools
and some 4,000 students, 46 times, is a national year: 190,000 students in fifteen counties. Ids get the
copy's number; what a county has once (deliveries, measurements) stays once for each county; other counties'
rows stay as they are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

from timerett.publish import create

COPIES = 46
COUNTIES = 15
COUNTY = "99"
IDS = frozenset(
    {
        "batch_id",
        "decision_id",
        "enrolment_id",
        "group_id",
        "lesson_id",
        "replaces_lesson_id",
        "school_id",
        "student_key",
    }
)
LISTS = frozenset({"group_ids", "school_ids"})
OF_A_COUNTY = f"(select unnest(range({COUNTIES})) as k)"


def multiply(source: Path, target: Path, copies: int = COPIES) -> None:
    """Write `target`, with the tables of `source` so many times, school by school as a publication is."""
    target.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        create(connection, target)
        connection.execute("set memory_limit = '6GB'; set threads = 2")
        connection.execute(f"attach '{source}' as one (read_only); create schema marts")
        tables = connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns()"
            " where database_name = 'one' and schema_name = 'marts' group by table_name order by table_name"
        ).fetchall()
        for table, columns in tables:
            connection.execute(f"create table marts.{table} as {_copied(table, columns, copies)}")
        connection.execute("detach one; checkpoint")


def _copied(table: str, columns: list[str], copies: int) -> str:
    written = ", ".join(f"{_written(table, name)} as {name}" for name in columns)
    order = " order by school_id" if "school_id" in columns else ""
    return f"select {written} from {_numbered(table, columns, copies)}{order}"


def _numbered(table: str, columns: list[str], copies: int) -> str:
    """The rows with the number of their copy as `k`."""
    rows = f"one.marts.{table}"
    if table == "batch_file":
        ours = f"batch_id in (select batch_id from one.marts.batch where county_number = '{COUNTY}')"
    elif "county_number" in columns:
        ours = f"county_number = '{COUNTY}'"
    else:
        return f"(select 0 as k, * from {rows})"
    of_schools = f"({ours}) and school_id <> '*'" if "school_id" in columns else "false"
    return f"""(
        select one.*, copy.k from {rows} as one, (select unnest(range({copies})) as k) as copy
        where {of_schools}
        union all by name
        select one.*, copy.k from {rows} as one, {OF_A_COUNTY} as copy where ({ours}) and not ({of_schools})
        union all by name
        select 0 as k, * from {rows} where not coalesce(({ours}), false) order by k)"""


def _written(table: str, name: str) -> str:
    if name in IDS:
        value = f"case when k = 0 or {name} = '*' then {name} else {name} || '-' || k end"
    elif name in LISTS:
        each = f"replace({name}, '|', '-' || k || '|') || '-' || k"
        value = f"case when k = 0 or {name} = '' then {name} else {each} end"
    elif name == "county_number":
        number = f"'n' || lpad((k % {COUNTIES})::varchar, 2, '0')"
        value = f"case when {name} <> '{COUNTY}' or k % {COUNTIES} = 0 then {name} else {number} end"
    elif name == "name" and table in ("county", "school"):
        value = "case when k = 0 then name else name || ' ' || k end"
    else:
        value = name
    return value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--copies", type=int, default=COPIES)
    given = parser.parse_args()
    multiply(given.source, given.target, given.copies)


if __name__ == "__main__":
    main()
