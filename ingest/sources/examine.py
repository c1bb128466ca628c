"""What a county's own report is: its form, which column goes where, and its first rows as they would land.

Nothing is landed, and nothing shown can name a person: keys are pseudonyms, other texts are hidden where
they may be names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from ingest.contract import TABLES
from ingest.delivery import SourceError
from ingest.identity import Pseudonyms
from ingest.privacy import PSEUDONYM_COLUMNS
from ingest.sources.choice import Fit, choose, missing
from ingest.sources.draft import Draft, draft_profile, known_words
from ingest.sources.furniture import ROW
from ingest.sources.header import heading
from ingest.sources.mapping import rows_of
from ingest.sources.output import Output
from ingest.sources.profile import ITEM, NAME, TO_FILL, VALUE, Column, Profile
from ingest.sources.sheet import Table, open_table
from ingest.sources.showing import shown_texts

SHOWN_ROWS = 3
_TYPES = {pl.Date: "date", pl.Int64: "whole number", pl.Boolean: "yes or no", pl.Decimal: "number"}


@dataclass
class Examination:
    """All that can be said of a file without landing it."""

    file: Path
    fit: Fit | None
    form: list[tuple[str, str]]
    targets: dict[str, list[str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    samples: dict[str, pl.DataFrame] = field(default_factory=dict)
    draft: Draft | None = None

    @property
    def unused(self) -> list[str]:
        return [name for name, targets in self.targets.items() if not targets]

    @property
    def readable(self) -> bool:
        return self.fit is not None and not self.missing and not self.fit.profile.unfilled()


def examine(
    file: Path, profiles: Sequence[Profile], pseudonyms: Pseudonyms, *, given: bool, wants_draft: bool
) -> Examination:
    """Look at the start of a file with the profile that fits it, or with none."""
    fit = Fit(profiles[0], "it was named") if given else choose(file, profiles)
    known = (fit.profile.known() if fit else frozenset()) | (known_words() if fit is None else frozenset())
    options = (fit.profile.encoding, fit.profile.separator, fit.profile.sheet) if fit else (None, None, None)
    encoding, separator, sheet = options
    with open_table(file, known, encoding=encoding, separator=separator, sheet=sheet) as table:
        rows = next(iter(table.batches())).frame
        found = Examination(file, fit, _form(table))
        if fit:
            found.targets = _targets(table, fit.profile)
            found.missing = missing(fit.profile, set(table.headings))
            if found.readable:
                found.samples = _samples(rows, fit.profile, pseudonyms)
        if wants_draft or not found.readable:
            found.draft = _draft(file, table, rows)
    return found


def _draft(file: Path, table: Table, rows: pl.DataFrame) -> Draft | None:
    try:
        return draft_profile(file, table, rows)
    except SourceError:
        if table.header.hits:
            raise
        return None


def _form(table: Table) -> list[tuple[str, str]]:
    header = table.header
    where = f"row {header.first}" if header.lines == 1 else f"rows {header.first} and {header.last}"
    form = [("Header", f"{where}, {len(header.headings)} columns")]
    if table.sheet is not None:
        others = [
            f"{one.name}{'' if one.visible else ' (hidden)'}"
            for one in table.sheets
            if one.name != table.sheet
        ]
        form.append(("Sheet", table.sheet + (f"; not read: {', '.join(others)}" if others else "")))
    else:
        signs = {"\t": "tabulator", ";": "semicolon", ",": "comma", "|": "vertical bar"}
        form.append(("Encoding", table.encoding or ""))
        form.append(("Separator", signs.get(table.separator or "", table.separator or "")))
    if header.first > 1:
        form.append(("Above it", f"{header.first - 1} rows, passed over"))
    return form


def _targets(table: Table, profile: Profile) -> dict[str, list[str]]:
    """Every heading with the landing columns it goes to, and how it is read."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for mapping in profile.tables:
        if mapping.each:
            found[heading(mapping.each.column)].append(f"{mapping.table}, one row for each item")
        types = TABLES[mapping.table].create_empty().schema
        for name in mapping.columns:
            column = mapping.column(name)
            place = f"{mapping.table}.{name} ({_conversion(column, types[name], profile)})"
            for one in column.names:
                if one not in (ITEM, NAME, VALUE):
                    found[heading(one)].append(place)
            if column.time:
                found[heading(column.time)].append(f"{mapping.table}.{name} (time of day)")
    if not set(table.headings) & set(found):
        # Where no heading is known, what stands there may be data, and not for showing.
        return {f"(column {number})": [] for number in range(1, len(table.headings) + 1)}
    shown = dict(zip(table.headings, table.header.shown, strict=True))
    return {shown[name] or name: found.get(name, []) for name in table.headings}


def _conversion(column: Column, dtype: pl.DataType, profile: Profile) -> str:
    if column.pseudonym:
        return f"pseudonym of {column.pseudonym}"
    if column.codes is not None:
        open_codes = sum(meaning == TO_FILL for meaning in column.codes.values())
        return f"{len(column.codes)} codes" + (f", {open_codes} to fill in" if open_codes else "")
    if isinstance(dtype, pl.Datetime):
        return "date, with the time of day, local to UTC" if column.time else "date and time, local to UTC"
    kind = _TYPES.get(type(dtype), "as it stands")
    return f"number with {profile.formats.decimal}" if kind == "number" else kind


def _samples(rows: pl.DataFrame, profile: Profile, pseudonyms: Pseudonyms) -> dict[str, pl.DataFrame]:
    output = Output(pseudonyms)
    placed = rows.head(SHOWN_ROWS * 10).with_columns(pl.lit("").alias("source_file"))
    for mapping in profile.tables:
        output.add(mapping.table, rows_of(placed, mapping, profile.formats, output, pseudonyms))
    tables = [mapping.table for mapping in profile.tables]
    delivery = output.delivery(source="", kind="full", extracted_at=datetime.now(UTC), delivered=tables)
    found = {}
    for mapping in profile.tables:
        made = delivery.rows(mapping.table).head(SHOWN_ROWS).drop("source_file")
        safe = [
            shown_texts(made[name], _heading_of(profile, mapping.table, name)).alias(name)
            for name, dtype in made.schema.items()
            if dtype == pl.String and name not in PSEUDONYM_COLUMNS
        ]
        found[mapping.table] = made.with_columns(safe).select(ROW, pl.exclude(ROW))
    return found


def _heading_of(profile: Profile, table: str, name: str) -> str:
    names = [mapping.column(name).names for mapping in profile.tables if mapping.table == table]
    return names[0][0] if names and names[0] and not names[0][0].startswith("@") else ""
