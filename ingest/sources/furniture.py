"""What stands in a table without being a row of it: repeated headers, page heads, totals and notes.

Batches pass through one after the other. What may be the table's tail is held back until it is known
whether rows follow; only then is it a note, and not a row that reads like one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ingest.sources.header import Header, heading

ROW = "source_row"
LONGEST_FIELD = 32_767
FIELD_RULE = f"no field is longer than {LONGEST_FIELD:,} characters"
_MOST_HELD = 200
_PAGE_HEAD = 5
_NOTE = (
    r"(?i)^(sum|total\w*|i alt|antall|merk|merknad\w*|note\w*|kilde\w*|utskrift\w*|utskrevet|rapport\w*"
    r"|uttrekk\w*|generert|eksportert|skrevet ut|side|delsum|\*)([\s:.]|$)"
)
_IS_NOTE = re.compile(_NOTE)


@dataclass(frozen=True)
class Misfit:
    """A line that is no row of the table: how many fields it has, or the rule it breaks."""

    row: int
    cells: tuple[str, ...] | None
    rule: str | None = None

    @property
    def is_note(self) -> bool:
        texts = [cell.strip() for cell in self.cells or () if cell.strip()]
        return bool(texts) and (bool(_IS_NOTE.match(texts[0])) or (len(texts) == 1 and " " in texts[0]))


@dataclass
class Batch:
    """Rows as text under the header's headings, with `source_row`; and the lines that are no row."""

    frame: pl.DataFrame
    misfits: list[Misfit]


class Furniture:
    """Takes it out of one table, batch by batch, and counts it."""

    def __init__(self, header: Header, *, plain: bool = False) -> None:
        self._header = header
        self._plain = plain
        self._held: Batch | None = None
        self.notes = 0

    def without(self, batch: Batch) -> Batch:
        """The batch without furniture, and with what had been held back if it was rows after all."""
        batch = self._split_long(Batch(_clean(batch.frame), batch.misfits))
        if self._plain:
            return batch
        if self._held:
            frame = pl.concat([self._held.frame, batch.frame])
            batch = Batch(frame, [*self._held.misfits, *batch.misfits])
            self._held = None
        batch = self._without_repeated_headers(batch)
        return self._hold_back(batch)

    def end(self) -> None:
        """What is held back now is the table's tail."""
        if self._held:
            self.notes += self._held.frame.height + len(self._held.misfits)
            self._held = None

    def _split_long(self, batch: Batch) -> Batch:
        names = self._header.headings
        too_long = pl.any_horizontal(pl.col(names).str.len_bytes() > LONGEST_FIELD).fill_null(value=False)
        long = batch.frame.filter(too_long)
        if not long.height:
            return batch
        misfits = [Misfit(row, None, FIELD_RULE) for row in long[ROW]]
        return Batch(batch.frame.filter(~too_long), [*batch.misfits, *misfits])

    def _without_repeated_headers(self, batch: Batch) -> Batch:
        """Every page of a printout may have the header again, below a title and a page number."""
        shown = [heading(text) for text in self._header.shown]
        filled = [(name, text) for name, text in zip(self._header.headings, shown, strict=True) if text]
        if not filled or not batch.frame.height:
            return batch
        first, text = filled[-1]
        suspects = batch.frame.filter(pl.col(first).str.to_lowercase().str.contains(text[:20], literal=True))
        again = [
            row[ROW]
            for row in suspects.iter_rows(named=True)
            if all(heading(row[name] or "").endswith(text) or text.endswith(heading(row[name] or ""))
                   for name, text in filled)
            and sum(row[name] is not None for name, _ in filled) * 2 > len(filled)
        ]  # fmt: skip
        if not again:
            return batch
        gone = {number for last in again for number in range(last - _PAGE_HEAD, last)}
        frame = batch.frame.with_columns(_is_note(self._header.headings).alias("note"))
        is_page_head = pl.col(ROW).is_in(list(gone)) & pl.col("note")
        # A header of two lines has its first line, the merged cells, above the second.
        above = [last - 1 for last in again] if self._header.lines == 2 else []
        is_header = pl.col(ROW).is_in([*again, *above])
        kept = frame.filter(~(is_page_head | is_header)).drop("note")
        misfits = [one for one in batch.misfits if not (one.row in gone and one.is_note)]
        self.notes += batch.frame.height - kept.height + len(batch.misfits) - len(misfits)
        return Batch(kept, misfits)

    def _hold_back(self, batch: Batch) -> Batch:
        is_note = batch.frame.select(_is_note(self._header.headings).alias("note"))["note"]
        rows = batch.frame.filter(~is_note)[ROW].max()
        other = max((one.row for one in batch.misfits if not one.is_note), default=0)
        last = max(rows if isinstance(rows, int) else 0, other)
        tail = batch.frame.filter(pl.col(ROW) > last)
        misfits = [one for one in batch.misfits if one.row > last]
        if not tail.height and not misfits:
            return batch
        if tail.height + len(misfits) > _MOST_HELD:
            return batch
        self._held = Batch(tail, misfits)
        return Batch(
            batch.frame.filter(pl.col(ROW) <= last), [one for one in batch.misfits if one.row <= last]
        )


def _is_note(headings: Sequence[str]) -> pl.Expr:
    """A total or a remark: it says so, or is a sentence alone on its line."""
    first = pl.coalesce(headings)
    alone = pl.sum_horizontal(pl.col(name).is_not_null() for name in headings) == 1
    says_so = first.str.contains(_NOTE)
    sentence = first.str.contains(" ", literal=True)
    return (says_so | (alone & sentence)).fill_null(value=False)


def _clean(frame: pl.DataFrame) -> pl.DataFrame:
    """Blanks around a value go, an empty field is null, and an empty row is none."""
    texts = pl.col(pl.String).str.strip_chars()
    cleaned = frame.with_columns(texts).with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)))
    return cleaned.filter(pl.any_horizontal(pl.col(pl.String).is_not_null()))
