"""A report's rows as rows of one landing table."""

from __future__ import annotations

import polars as pl

from ingest.identity import Pseudonyms, identifier
from ingest.sources.cells import halves, instants, translated, typed
from ingest.sources.header import heading
from ingest.sources.output import PLACE, Output, schema
from ingest.sources.profile import ITEM, NAME, TO_FILL, VALUE, Column, Each, Formats, Mapping
from ingest.sources.showing import HIDDEN, shown_texts


def rows_of(
    sheet: pl.DataFrame, mapping: Mapping, formats: Formats, output: Output, pseudonyms: Pseudonyms
) -> pl.DataFrame:
    """The landing rows; a row with a cell that cannot be read is rejected for its first such cell."""
    rows = _items(sheet, mapping.each) if mapping.each else sheet
    types = schema(mapping.table)
    made: dict[str, pl.Series] = {place: rows[place] for place in PLACE}
    is_bad = pl.Series([False], dtype=pl.Boolean).new_from_index(0, rows.height)
    for name in mapping.columns:
        column = mapping.column(name)
        shown, made[name] = _column(rows, column, types[name], formats, pseudonyms)
        if name == "county_number":
            # A spreadsheet makes a number of it, and the leading zero goes.
            made[name] = made[name].str.replace(r"^(\d)$", "0$1")
        unread = shown.is_not_null() & made[name].is_null() & ~is_bad
        if unread.any():
            lost = rows.filter(unread).select(*PLACE, shown.filter(unread).alias("shown"))
            _reject(lost, mapping.table, name, output, column)
            is_bad |= unread
    frame = pl.DataFrame(made).filter(~is_bad)
    return frame.unique(keep="first", maintain_order=True) if mapping.each else frame


def _items(sheet: pl.DataFrame, each: Each) -> pl.DataFrame:
    """One row per item of the field; a row where it is empty has none."""
    rows = sheet.filter(pl.col(heading(each.column)).is_not_null())
    rows = rows.with_columns(pl.col(heading(each.column)).str.split(each.separator).alias(ITEM)).explode(ITEM)
    rows = rows.with_columns(pl.col(ITEM).str.strip_chars()).filter(pl.col(ITEM) != "")
    if each.pair is None:
        return rows
    parts = pl.col(ITEM).str.splitn(each.pair, 2).struct
    # An item without its second part must be seen as unreadable, not as empty.
    unpaired = pl.col(ITEM) + f" without {each.pair}"
    return rows.with_columns(
        parts.field("field_0").str.strip_chars().alias(NAME),
        parts.field("field_1").str.strip_chars().fill_null(unpaired).alias(VALUE),
    )


def _column(
    rows: pl.DataFrame, column: Column, dtype: pl.DataType, formats: Formats, pseudonyms: Pseudonyms
) -> tuple[pl.Series, pl.Series]:
    """What stood in the cells (null where nothing had to be read), and the values."""
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
    if column.constant is not None:
        return nothing, pl.Series([column.constant], dtype=pl.String).new_from_index(0, rows.height)
    name = next((key for key in map(_key, column.names) if key in rows.columns), None)
    if name is None:
        return nothing, nothing.cast(dtype)
    cells = rows[name]
    if column.time:
        times = rows[heading(column.time)]
        both = (cells + pl.Series([" "]).new_from_index(0, rows.height) + times).alias(name)
        return both, instants(cells, halves(times, column.part) if column.part else times, formats)
    if column.pseudonym:
        return cells, _pseudonyms(cells, column, pseudonyms)
    return cells, typed(translated(cells, column), dtype, formats)


def _key(name: str) -> str:
    return name if name in (ITEM, NAME, VALUE) else heading(name)


def _pseudonyms(cells: pl.Series, column: Column, pseudonyms: Pseudonyms) -> pl.Series:
    make = pseudonyms.staff if column.pseudonym == "staff" else pseudonyms.student
    keys = {text: make(identifier(column.id_field, text)) for text in cells.drop_nulls().unique()}
    return cells.replace_strict(keys, default=None, return_dtype=pl.String)


def _reject(lost: pl.DataFrame, table: str, name: str, output: Output, column: Column) -> None:
    rule = _rule(column, schema(table)[name])
    above = column.names[0] if column.names else ""
    safe = pl.lit(HIDDEN) if column.pseudonym else shown_texts(lost["shown"], above)
    lost = lost.with_columns(safe.alias("shown"))
    output.reject_rows(table, lost, name, rule, "shown")


def _rule(column: Column, dtype: pl.DataType) -> str:
    if column.codes:
        return "is one of " + ", ".join(one for one, meaning in column.codes.items() if meaning != TO_FILL)
    if column.time or isinstance(dtype, pl.Datetime):
        return "is a date and a local time that exists"
    names = {pl.Date: "date", pl.Int64: "whole number", pl.Boolean: "yes or no (ja, nei)"}
    return f"is a {names.get(type(dtype), 'number')}"
