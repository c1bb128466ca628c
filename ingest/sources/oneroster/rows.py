"""The rows of a package's files in bounded batches, and where they go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingest.delivery import Kind, SourceError
from ingest.sources.cells import typed
from ingest.sources.header import heading
from ingest.sources.lines import Lines
from ingest.sources.oneroster.forms import FORMS, MADE_OF
from ingest.sources.oneroster.package import ADVICE, Package
from ingest.sources.output import PLACE, Output
from ingest.sources.profile import Formats
from ingest.sources.sheet import text_table

if TYPE_CHECKING:
    from ingest.identity import Pseudonyms
    from ingest.progress import Progress

FORMATS = Formats(dates=("%Y-%m-%d", "%d.%m.%Y"), decimal=".")
ACTIVE, DELETED = "active", "tobedeleted"
STATUSES = (ACTIVE, DELETED, "inactive")


class Outputs:
    """A package may bring some files as snapshots and others as changes: one output for each kind."""

    def __init__(self, package: Package, kind: Kind, pseudonyms: Pseudonyms, spool: Path | None) -> None:
        self.by_kind: dict[Kind, Output] = {
            "full": Output(pseudonyms, spool),
            "delta": Output(pseudonyms, spool),
        }
        self.unread: Counter[str] = Counter()
        self._package = package
        self._kind = kind

    def kind_of(self, file: str) -> Kind:
        return "full" if self._kind == "full" and self._package.modes[file] == "bulk" else "delta"

    def of(self, table: str) -> Output:
        return self.by_kind[self.kind_of(self.source_of(table))]

    def source_of(self, table: str) -> str:
        """The file that decides whether a table is a snapshot or changes."""
        if table == "enrolment" and self._package.has("roles"):
            return "roles"
        return MADE_OF[table]

    def delivered(self, kind: Kind) -> list[str]:
        return [
            table
            for table in MADE_OF
            if self._package.has(self.source_of(table)) and self.kind_of(self.source_of(table)) == kind
        ]

    def reject(self, rows: pl.DataFrame, file: str, column: str, rule: str, *, show: bool = False) -> None:
        """Reject rows of a file for a column of it; values are shown where they can name nobody."""
        table = FORMS[file].table
        self.of(table).reject_rows(table, rows, column, rule, column if show else None)


class Rows:
    """Reads the package's files; bad lines and unknown statuses are told once, here."""

    def __init__(self, package: Package, outputs: Outputs, progress: Progress | None) -> None:
        self.package = package
        self.outputs = outputs
        self._progress = progress

    def active(self, file: str) -> Iterator[pl.DataFrame]:
        """Batches of the rows that are not deleted."""
        for batch in self.all(file):
            kept = batch.filter(~batch["deleted"])
            if kept.height:
                yield kept

    def all(self, file: str) -> Iterator[pl.DataFrame]:
        """Batches with the form's columns as text (null where missing), `deleted`, and the place.

        In a snapshot, what is marked as deleted is not delivered, and is left out.
        """
        if not self.package.has(file):
            return
        member, form = self.package.members[file], FORMS[file]
        known = frozenset(map(heading, form.columns))
        table = text_table(Lines(member.name, member.open), known, plain=True)
        present = set(table.headings)
        lacking = [one for one in form.must_have(self.package.version) if heading(one) not in present]
        if lacking:
            raise SourceError(f"{member.name}: lacks the columns {', '.join(lacking)}. {ADVICE}")
        seen: set[str] = set()
        for batch in table.batches():
            for misfit in batch.misfits:
                fields = None if misfit.cells is None else f"{len(misfit.cells)} fields"
                rule = misfit.rule or f"has {len(table.headings)} fields"
                self.outputs.of(form.table).reject(
                    member.name, misfit.row, form.table, rule=rule, value=fields
                )
            frame = batch.frame.select(
                *(
                    pl.col(heading(one)).alias(one)
                    if heading(one) in present
                    else pl.lit(None, pl.String).alias(one)
                    for one in form.columns
                ),
                pl.lit(member.name).alias("source_file"),
                "source_row",
            )
            yield self._judged(frame, file, seen)
        if self._progress:
            self._progress.advance(member.size)

    def _judged(self, frame: pl.DataFrame, file: str, seen: set[str]) -> pl.DataFrame:
        status = pl.col("status").str.to_lowercase().fill_null(ACTIVE)
        bad = frame.filter(~status.is_in(STATUSES))
        self.outputs.reject(bad, file, "status", "is active or tobedeleted", show=True)
        nameless = frame.filter(pl.col("sourcedId").is_null() & status.is_in(STATUSES))
        self.outputs.reject(nameless, file, "sourcedId", "has a sourcedId")
        frame = frame.filter(status.is_in(STATUSES) & pl.col("sourcedId").is_not_null())
        if file != "enrollments":
            again = self._seen_again(frame, seen)
            self.outputs.reject(frame.filter(again), file, "sourcedId", "stands once in its file")
            frame = frame.filter(~again)
        frame = frame.with_columns((status == DELETED).alias("deleted"))
        if self.outputs.kind_of(file) == "full" and frame["deleted"].any():
            gone = int(frame["deleted"].sum())
            self.outputs.unread[f"{file}.csv: rows marked tobedeleted in a snapshot"] += gone
            frame = frame.filter(~pl.col("deleted"))
        return frame

    @staticmethod
    def _seen_again(frame: pl.DataFrame, seen: set[str]) -> pl.Series:
        again = ~frame["sourcedId"].is_first_distinct() | frame["sourcedId"].is_in(list(seen))
        seen.update(frame["sourcedId"])
        return again

    def dated(self, frame: pl.DataFrame, file: str, columns: dict[str, str]) -> pl.DataFrame:
        """Adds dates read from texts (`columns`: new name by column); rows with unreadable ones go."""
        for column, name in columns.items():
            frame = frame.with_columns(typed(frame[column], pl.Date(), FORMATS).alias(name))
            unread = pl.col(column).is_not_null() & pl.col(name).is_null()
            self.outputs.reject(frame.filter(unread), file, column, "is a date as 2025-08-18", show=True)
            frame = frame.filter(~unread)
        return frame


def place(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(PLACE)


def listed(text: str | None) -> list[str]:
    """The items of a cell that may hold several, separated by commas."""
    return [item for item in (part.strip() for part in (text or "").split(",")) if item]
