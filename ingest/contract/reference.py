"""What is written from the contract: the dbt sources file and the reference page of landing.

`python -m ingest.contract.reference` writes both anew; a test compares them with the contract.
"""

from __future__ import annotations

from pathlib import Path

import dataframely as dy
import polars as pl

from ingest.contract import PROVENANCE, TABLES

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "dbt_project" / "models" / "staging" / "sources.yml"
PAGE = ROOT / "docs" / "landing.md"

ACCOUNTS = {
    "batch": "One delivery that landed.",
    "batch_file": "Accounting of rows, per file and table of a delivery.",
    "batch_school": "Schools a delivery covered.",
    "quarantine": "Rows that did not land, with the reason.",
}
HEAD = """# Landing

Every source ends in these tables, in schema `landing` of the warehouse; the models read nothing else.
This page is written from the contract in `ingest/contract/`. Key columns are bold; `?` may be empty.
Every table also carries {provenance}.
"""


def dbt_sources() -> str:
    """The dbt sources file."""
    lines = [
        "version: 2",
        "",
        "# Written from the landing contract by `python -m ingest.contract.reference`.",
        "sources:",
        "  - name: landing",
        "    schema: landing",
        "    tables:",
    ]
    for name, says in {**{name: _says(schema) for name, schema in TABLES.items()}, **ACCOUNTS}.items():
        lines += [f"      - name: {name}", f'        description: "{says}"']
    return "\n".join(lines) + "\n"


def landing_page() -> str:
    """The reference page of docs, in Markdown."""
    parts = [HEAD.format(provenance=", ".join(f"`{name}`" for name in PROVENANCE))]
    for name, schema in TABLES.items():
        rows = [_row(column_name, column) for column_name, column in schema.columns().items()]
        table = ["| column | type | meaning |", "| --- | --- | --- |", *rows]
        parts.append(f"## {name}\n\n{_says(schema)}\n\n" + "\n".join(table) + "\n")
    return "\n".join(parts)


def _says(schema: type[dy.Schema]) -> str:
    return (schema.__doc__ or "").strip().splitlines()[0]


def _row(name: str, column: dy.Column) -> str:
    shown = f"**{name}**" if column.primary_key else f"{name}{'?' if column.nullable else ''}"
    target = (column.metadata or {}).get("references")
    meaning = (column.description or "").replace("|", "\\|")
    return f"| {shown} | {_type(column)} | {meaning}{f' Points at `{target}`.' if target else ''} |"


def _type(column: dy.Column) -> str:
    dtype = column.dtype
    if isinstance(dtype, pl.Enum):
        return ", ".join(f"`{value}`" for value in dtype.categories)
    if isinstance(dtype, pl.Datetime):
        return "timestamp (UTC)"
    if isinstance(dtype, pl.Decimal):
        return "decimal"
    names = {pl.String: "text", pl.Int64: "int", pl.Date: "date", pl.Boolean: "bool"}
    return names[dtype.base_type()]


if __name__ == "__main__":
    SOURCES.write_text(dbt_sources(), encoding="utf-8")
    PAGE.write_text(landing_page(), encoding="utf-8")
