"""One delivered table against its contract: values cast, rules checked, bad rows told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import dataframely as dy
import polars as pl

from ingest.contract import TABLES
from ingest.delivery import SourceError
from ingest.plain import listed
from ingest.privacy import holds_identity_number, masked_texts

ROW = "row_index"
NOT_JUDGED = ("primary_key", f"{ROW}|nullability")
ORIGIN = ("source_file", "source_row")
TRUE_WORDS = ("true", "1", "yes")
FALSE_WORDS = ("false", "0", "no")
_TIMESTAMP = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$"

QUARANTINE_SCHEMA: dict[str, pl.DataType] = {
    "source_file": pl.String(),
    "source_row": pl.Int64(),
    "column_name": pl.String(),
    "rule": pl.String(),
    "value": pl.String(),
    "payload": pl.String(),
}


@dataclass(frozen=True)
class Validated:
    """The rows that hold, typed, with their origin; and those that do not, with the reason."""

    good: pl.DataFrame
    bad: pl.DataFrame


def validate(table: str, frame: pl.DataFrame) -> Validated:
    """Cast a delivered frame to the contract of `table` and check every rule of a single row."""
    schema = TABLES[table]
    raw = _complete(table, schema, frame).with_row_index(ROW)
    faults = [
        raw.filter(holds_identity_number(raw[name])).select(
            ROW,
            pl.lit(name).alias("column_name"),
            pl.lit("must not hold a national identity number").alias("rule"),
        )
        for name, dtype in zip(raw.columns, raw.dtypes, strict=True)
        if dtype == pl.String and name not in ORIGIN
    ]
    cast = raw.with_columns(
        cast_column(name, raw[name].dtype, column) for name, column in schema.columns().items()
    )
    faults += [
        raw.lazy()
        .filter(pl.col(name).is_not_null())
        .select(ROW)
        .join(cast.lazy().filter(pl.col(name).is_null()).select(ROW), on=ROW)
        .select(
            ROW, pl.lit(name).alias("column_name"), pl.lit(_type_rule(column, raw[name].dtype)).alias("rule")
        )
        .collect()
        for name, column in schema.columns().items()
        if raw[name].dtype != cast[name].dtype or raw[name].null_count() != cast[name].null_count()
    ]
    faults.append(_rule_faults(schema, cast))
    first_faults = pl.concat(faults).unique(ROW, keep="first", maintain_order=True)
    good = cast.join(first_faults, on=ROW, how="anti").drop(ROW)
    return Validated(
        good.with_columns(pl.col(pl.Enum).cast(pl.String)), _quarantined(raw.join(first_faults, on=ROW))
    )


def _complete(table: str, schema: type[dy.Schema], frame: pl.DataFrame) -> pl.DataFrame:
    columns = schema.columns()
    complaint = column_complaint(table, [name for name in frame.columns if name not in ORIGIN])
    if complaint:
        raise SourceError(f"{table}: {complaint}")
    absent = [pl.lit(None, pl.String).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(absent).select(
        *columns, pl.col("source_file").cast(pl.String), pl.col("source_row").cast(pl.Int64)
    )


def column_complaint(table: str, given: Sequence[str]) -> str | None:
    """What is wrong with the columns a table came with, and what was expected; None where nothing is."""
    columns = TABLES[table].columns()
    missing = [name for name, column in columns.items() if name not in given and not column.nullable]
    unknown = [name for name in given if name not in columns]
    if not missing and not unknown:
        return None
    faults = [f"column {name} is missing" for name in missing]
    if len(unknown) == len(given):
        # What stands where no column is known may be data, and data is not for a message.
        faults = ["the first line names none of the columns"]
    else:
        several = f"columns {listed(unknown)} are" if len(unknown) > 1 else f"column {listed(unknown)} is"
        faults += [f"{several} not known"] if unknown else []
    expected = ", ".join(f"{name}{'?' if column.nullable else ''}" for name, column in columns.items())
    return f"{'; '.join(faults)}. Expected the columns {expected} (? may be left out)."


def cast_column(name: str, given: pl.DataType, column: dy.Column) -> pl.Expr:
    """The column in its contract type; what cannot be cast becomes null."""
    wanted = column.dtype
    value = pl.col(name)
    if given == wanted:
        return value
    if isinstance(given, pl.Categorical | pl.Enum):
        value, given = value.cast(pl.String), pl.String()
    if isinstance(wanted, pl.Datetime) and isinstance(given, pl.Datetime):
        return (value if given.time_zone else pl.lit(None)).cast(wanted).alias(name)
    if isinstance(wanted, pl.Decimal) and given.is_float():
        return value.round(wanted.scale).cast(wanted, strict=False)
    if given == pl.String:
        return _from_text(value, wanted).alias(name)
    return value.cast(wanted, strict=False)


def _from_text(value: pl.Expr, wanted: pl.DataType) -> pl.Expr:
    if isinstance(wanted, pl.Datetime):
        return _instant(value)
    if wanted == pl.Date:
        return pl.when(value.str.len_bytes() == 10).then(value.str.to_date("%Y-%m-%d", strict=False))
    if wanted == pl.Boolean:
        word = value.str.to_lowercase()
        false = pl.when(word.is_in(FALSE_WORDS)).then(statement=False)
        return pl.when(word.is_in(TRUE_WORDS)).then(statement=True).otherwise(false)
    return value.cast(wanted, strict=False)


def _instant(value: pl.Expr) -> pl.Expr:
    """An instant only where the text states its offset from UTC; a naive one would be a guess."""
    whole = (
        value.str.replace(r"Z$", "+00:00")
        .str.replace(" ", "T", literal=True)
        .str.replace(r"T(\d\d:\d\d)([+-])", "T$1:00$2")
        .str.replace(r"([+-]\d\d)(\d\d)$", "$1:$2")
    )
    parsed = whole.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", time_zone="UTC", strict=False)
    return pl.when(value.str.contains(_TIMESTAMP)).then(parsed)


def _type_rule(column: dy.Column, given: pl.DataType) -> str:
    dtype = column.dtype
    if isinstance(dtype, pl.Enum):
        return f"must be one of {', '.join(dtype.categories.to_list())}"
    if isinstance(dtype, pl.Datetime):
        naive = isinstance(given, pl.Datetime) and given.time_zone is None
        return (
            "must have a time zone"
            if naive
            else "must be a time with Z or an offset, like 2018-09-03T08:00:00Z"
        )
    if isinstance(dtype, pl.Decimal):
        return "must be a number with a decimal point"
    words: dict[type[pl.DataType], str] = {
        pl.Int64: "must be a whole number",
        pl.Date: "must be a date, like 2018-09-03",
        pl.Boolean: "must be true or false",
    }
    return words.get(dtype.base_type(), "must be text")


@cache
def _numbered(schema: type[dy.Schema]) -> type[dy.Schema]:
    """The schema with a row number, which is how a fault finds its row again."""
    numbered: type[dy.Schema] = type(
        f"Numbered{schema.__name__}", (schema,), {ROW: dy.UInt32(nullable=False)}
    )
    return numbered


def _rule_faults(schema: type[dy.Schema], cast: pl.DataFrame) -> pl.DataFrame:
    """The first rule each row breaks; a primary key's uniqueness is settled elsewhere."""
    details: pl.DataFrame = _numbered(schema).filter(cast)[1].details()
    rules = [name for name in details.columns if name not in cast.columns and name not in NOT_JUDGED]
    if details.is_empty() or not rules:
        return pl.DataFrame(schema={ROW: pl.UInt32, "column_name": pl.String, "rule": pl.String})
    broken = pl.coalesce(
        pl.when(pl.col(name).cast(pl.String) == "invalid").then(pl.lit(name)) for name in rules
    ).alias("broken")
    named = details.select(ROW, broken).drop_nulls()
    texts = {name: _rule_text(schema, name) for name in rules}
    return named.select(
        ROW,
        pl.col("broken")
        .replace_strict({name: text[0] for name, text in texts.items()}, return_dtype=pl.String)
        .alias("column_name"),
        pl.col("broken")
        .replace_strict({name: text[1] for name, text in texts.items()}, return_dtype=pl.String)
        .alias("rule"),
    )


def _rule_text(schema: type[dy.Schema], rule: str) -> tuple[str | None, str]:
    if "|" not in rule:
        return None, rule.replace("_", " ")
    name, kind = rule.split("|", 1)
    column = schema.columns()[name]
    if kind in ("nullability", "min_length"):
        return name, "must be filled in"
    if kind == "min":
        return name, f"must be at least {getattr(column, 'min', 0)}"
    if kind == "regex":
        return name, f"must have the form {getattr(column, 'regex', '')}"
    return name, kind.replace("_", " ")


def _quarantined(rows: pl.DataFrame) -> pl.DataFrame:
    content = [name for name in rows.columns if name not in (ROW, "column_name", "rule", *ORIGIN)]
    rows = rows.with_columns(pl.col(content).cast(pl.String))
    rows = rows.with_columns(masked_texts(rows[name]) for name in content)
    offending = pl.coalesce([pl.when(pl.col("column_name") == name).then(pl.col(name)) for name in content])
    return rows.with_columns(
        offending.alias("value"), pl.struct(content).struct.json_encode().alias("payload")
    ).select(pl.col(name).cast(dtype) for name, dtype in QUARANTINE_SCHEMA.items())
