"""Rows of one delivery with the same key: one copy lands."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ingest.contract import TABLES
from ingest.validation import ORIGIN, QUARANTINE_SCHEMA

CONFLICT = "must not contradict an earlier row with the same key"


@dataclass(frozen=True)
class Distinct:
    """One row per key; copies that say the same; copies that contradict."""

    kept: pl.DataFrame
    superseded: pl.DataFrame
    conflicting: pl.DataFrame


def distinct(table: str, rows: pl.DataFrame) -> Distinct:
    """Keep the first row of each key in order of file and row."""
    key = TABLES[table].primary_key()
    repeated = rows.select(pl.struct(key).is_duplicated()).to_series() if len(rows) else None
    if repeated is None or not repeated.any():
        return Distinct(rows, rows.clear(), pl.DataFrame(schema=QUARANTINE_SCHEMA))
    content = [name for name in TABLES[table].columns() if name not in key]
    ordered = rows.filter(repeated).sort(*ORIGIN, maintain_order=True)
    first = pl.int_range(pl.len()).over(key) == 0
    same = pl.all_horizontal(
        pl.lit(value=True), *(pl.col(name).eq_missing(pl.col(name).first().over(key)) for name in content)
    )
    judged = ordered.with_columns(_first=first, _same=same)
    conflicting = judged.filter(~pl.col("_first") & ~pl.col("_same"))
    return Distinct(
        pl.concat([rows.filter(~repeated), judged.filter("_first").select(rows.columns)]),
        judged.filter(~pl.col("_first") & pl.col("_same")).select(rows.columns),
        _quarantined(table, conflicting),
    )


def _quarantined(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    key = TABLES[table].primary_key()
    columns = list(TABLES[table].columns())
    texts = rows.with_columns(pl.col(columns).cast(pl.String))
    return texts.with_columns(
        pl.lit(", ".join(key)).alias("column_name"),
        pl.lit(CONFLICT).alias("rule"),
        pl.concat_str(key, separator=", ").alias("value"),
        pl.struct(columns).struct.json_encode().alias("payload"),
    ).select(pl.col(name).cast(dtype) for name, dtype in QUARANTINE_SCHEMA.items())
