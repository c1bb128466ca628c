"""Tables of text out of CSV and Excel files as people's systems export them, of any size.

Encoding, separator, sheet and header are found out; title lines, repeated page heads, blank lines, and
total rows and notes at the end are passed over. Every row keeps its true line (or Excel row) number.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import polars as pl

from ingest.delivery import SourceError
from ingest.sources import excel
from ingest.sources.excel import SheetInfo, Workbook
from ingest.sources.furniture import ROW, Batch, Furniture, Misfit
from ingest.sources.header import WITHIN, Header, find_header, heading, hits
from ingest.sources.lines import TOO_LONG, Lines
from ingest.sources.quoted import TOO_LONG_RULE, QuotedRows

__all__ = ["EXCEL", "SEPARATORS", "TEXT", "Table", "heading", "open_table"]

EXCEL = excel.SUFFIXES
TEXT = frozenset({".csv", ".txt", ".tsv", ".skv"})
SEPARATORS = (";", ",", "\t", "|")
BATCH = 50_000
NO_NUL = "it is text: it holds no NUL byte"


@dataclass
class Table:
    """One table being read. What it says of itself is known once the batches have been read."""

    name: str
    header: Header
    separator: str | None = None
    sheet: str | None = None
    sheets: list[SheetInfo] = field(default_factory=list)
    unreadable_cells: int = 0
    plain: bool = False
    _lines: Lines | None = None
    _furniture: Furniture = field(init=False)
    _raw: Iterator[Batch] = field(init=False)

    def __post_init__(self) -> None:
        self._furniture = Furniture(self.header, plain=self.plain)

    @property
    def headings(self) -> tuple[str, ...]:
        return self.header.headings

    @property
    def encoding(self) -> str | None:
        return self._lines.encoding if self._lines else None

    @property
    def notes(self) -> int:
        """Lines passed over so far that are totals, remarks or page heads."""
        return self._furniture.notes

    def batches(self) -> Iterator[Batch]:
        """The table's rows; a file that ends in the middle of one is refused."""
        last_row, last_misfit = 0, Misfit(0, ())
        for raw in self._raw:
            last_row = max(last_row, *raw.frame[ROW].tail(1).to_list(), 0)
            last_misfit = max([last_misfit, *raw.misfits], key=lambda one: one.row)
            yield self._furniture.without(raw)
        self._furniture.end()
        fields = len(last_misfit.cells) if last_misfit.cells and not last_misfit.is_note else 0
        is_last = last_misfit.row > last_row
        if self._lines and not self._lines.complete and is_last and 0 < fields < len(self.headings):
            raise SourceError(f"{self.name}: ends in the middle of a row, so it is cut off. Export it again.")


@contextmanager
def open_table(
    file: Path,
    known: frozenset[str],
    *,
    encoding: str | None = None,
    separator: str | None = None,
    sheet: str | None = None,
) -> Iterator[Table]:
    """Open the table whose header has most of the `known` headings (written as `heading` writes them)."""
    if excel.is_excel(file) or file.suffix.lower() in EXCEL - {".xls"}:
        with Workbook(file, known, sheet) as book:
            yield _excel_table(book, known)
    else:
        lines = Lines(file.name, lambda: file.open("rb"), encoding)
        yield text_table(lines, known, separator)


def _excel_table(book: Workbook, known: frozenset[str]) -> Table:
    batches = book.batches()
    first = next(batches, None)
    if first is None or book.chosen is None:
        raise SourceError(f"{book.file.name}: is empty. Expected a header line and rows.")
    head = [(number, [cell or "" for cell in row]) for number, row in enumerate(first.head(WITHIN).rows(), 1)]
    header = find_header(head, known)
    table = Table(
        book.file.name,
        header,
        sheet=book.chosen,
        sheets=book.sheets,
        unreadable_cells=book.unreadable_cells,
    )
    table._raw = _excel_batches(chain([first], batches), header)
    return table


def _excel_batches(frames: Iterator[pl.DataFrame], header: Header) -> Iterator[Batch]:
    number = 1
    width = len(header.headings)
    for frame in frames:
        rows = pl.int_range(number, number + frame.height, dtype=pl.Int64, eager=True).alias(ROW)
        number += frame.height
        inside = frame.select(frame.columns[:width])
        inside.columns = list(header.headings)
        placed = inside.with_columns(rows)
        beyond = pl.any_horizontal([pl.lit(value=False), *_filled(frame.columns[width:])])
        is_beyond = frame.select(beyond.alias("beyond"))["beyond"]
        below = rows > header.last
        misfits = [
            Misfit(row, tuple(cell or "" for cell in cells))
            for row, *cells in frame.insert_column(0, rows).filter(is_beyond & below).iter_rows()
        ]
        yield Batch(placed.filter(~is_beyond & below), misfits)


def _filled(names: list[str]) -> list[pl.Expr]:
    return [pl.col(name).str.strip_chars().fill_null("") != "" for name in names]


def text_table(
    lines: Lines, known: frozenset[str], separator: str | None = None, *, plain: bool = False
) -> Table:
    """A table of delimited text; a `plain` one has a header and rows, and nothing else in it."""
    blocks = lines.blocks()
    first = next(blocks, [])
    while not any(line.strip() for line in first) and (more := next(blocks, None)) is not None:
        first += more
    if not any(line.strip() for line in first):
        raise SourceError(f"{lines.name}: is empty. Expected a header line and rows.")
    start = "".join(first[:20]).casefold()
    if "<html" in start or "<table" in start:
        raise SourceError(f"{lines.name}: is a web page. Open it in Excel and save it as .xlsx or CSV.")
    separator = separator or _separator(first, known)
    numbered = enumerate(first[: WITHIN * 2], 1)
    head = list(islice(QuotedRows(lines.name, separator, numbered).rows(lambda: True), WITHIN))
    header = find_header(head, known)
    table = Table(lines.name, header, separator=separator, plain=plain, _lines=lines)
    table._raw = _text_batches(chain([first], blocks), header, separator, lines)
    return table


def _separator(lines: list[str], known: frozenset[str]) -> str:
    """The one that gives most known headings; else the one most lines have equally many of."""
    head = [line for line in lines[:WITHIN] if line.strip()]

    def found(separator: str) -> tuple[int, int, int]:
        cells = [[cell.strip('"') for cell in line.split(separator)] for line in head]
        counts = [line.count(separator) for line in head]
        usual = max(set(counts), key=lambda count: (counts.count(count), count))
        return max(hits(row, known) for row in cells), counts.count(usual) if usual else 0, max(counts)

    return max(SEPARATORS, key=found)


def _text_batches(
    blocks: Iterator[list[str]], header: Header, separator: str, lines: Lines
) -> Iterator[Batch]:
    """By the block while no quotation mark is seen; from there on row by row."""
    number = 1
    for block in blocks:
        if any('"' in line for line in block):
            rest = chain(enumerate(block, number), _numbered(blocks, number + len(block)))
            quoted = QuotedRows(lines.name, separator, rest)
            yield from _quoted_batches(quoted, header, lines)
            return
        yield _split(block, number, header, separator)
        number += len(block)


def _numbered(blocks: Iterator[list[str]], number: int) -> Iterator[tuple[int, str]]:
    for block in blocks:
        yield from enumerate(block, number)
        number += len(block)


def _split(lines: list[str], first: int, header: Header, separator: str) -> Batch:
    """Rows of lines without quotation marks, split by polars."""
    width = len(header.headings)
    numbers = pl.int_range(first, first + len(lines), dtype=pl.Int64, eager=True).alias(ROW)
    body = pl.DataFrame({"line": lines}, schema={"line": pl.String}).with_columns(numbers)
    body = body.filter(pl.col(ROW) > header.last)
    is_text = ~pl.col("line").str.contains("\x00", literal=True)
    fits = is_text & (pl.col("line").str.count_matches(separator, literal=True) == width - 1)
    rest = [(number, line) for line, number in body.filter(~fits).iter_rows()]
    fields = pl.col("line").str.split_exact(separator, width - 1)
    split = body.filter(fits).select(ROW, fields.struct.rename_fields(list(header.headings)))
    frame = split.unnest("line").select(*header.headings, ROW)
    whole, misfits = _fitted([(number, line.split(separator)) for number, line in rest], width)
    return Batch(_with(frame, whole, header), misfits)


def _quoted_batches(quoted: QuotedRows, header: Header, lines: Lines) -> Iterator[Batch]:
    rows = quoted.rows(lambda: lines.complete)
    width = len(header.headings)
    empty = pl.DataFrame(schema={**dict.fromkeys(header.headings, pl.String), ROW: pl.Int64})
    while True:
        taken = list(islice(rows, BATCH))
        broken = [Misfit(number, None, rule) for number, rule in quoted.broken]
        quoted.broken.clear()
        whole, misfits = _fitted([row for row in taken if row[0] > header.last], width)
        yield Batch(_with(empty, whole, header), [*misfits, *broken])
        if len(taken) < BATCH:
            return


def _with(frame: pl.DataFrame, rows: list[tuple[int, list[str]]], header: Header) -> pl.DataFrame:
    if not rows:
        return frame
    columns = {name: [cells[i] for _, cells in rows] for i, name in enumerate(header.headings)}
    numbers = {ROW: [number for number, _ in rows]}
    added = pl.DataFrame({**columns, **numbers}, schema=frame.schema)
    return pl.concat([frame, added]).sort(ROW)


def _fitted(
    rows: list[tuple[int, list[str]]], width: int
) -> tuple[list[tuple[int, list[str]]], list[Misfit]]:
    """Rows of the header's width (empty fields beyond it are cut), and the others."""
    whole: list[tuple[int, list[str]]] = []
    misfits: list[Misfit] = []
    for number, cells in rows:
        if any("\x00" in cell for cell in cells):
            rule = TOO_LONG_RULE if cells == [TOO_LONG] else NO_NUL
            misfits.append(Misfit(number, None, rule))
        elif len(cells) >= width and not any(cell.strip() for cell in cells[width:]):
            whole.append((number, cells[:width]))
        elif any(cell.strip() for cell in cells):
            misfits.append(Misfit(number, tuple(cells)))
    return whole, misfits
