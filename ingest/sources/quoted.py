"""Rows of delimited text with quotation marks, where a field may hold the separator and line ends.

A row that cannot be read costs itself alone: reading goes on with the line after its first.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator

from ingest.delivery import SourceError
from ingest.sources.lines import LONGEST_LINE, TOO_LONG

LONGEST_ROW = 200
LONGEST_FIELD = 32_767
Row = tuple[int, list[str]]
NOT_CLOSED = "every quotation mark is closed and no text follows it"
TOO_LONG_RULE = f"no line is longer than {LONGEST_LINE:,} characters"

csv.field_size_limit(max(csv.field_size_limit(), 8_000_000))


class QuotedRows:
    """Rows with the number of their first line; `broken` collects the lines that are no row."""

    def __init__(self, file_name: str, separator: str, numbered: Iterator[tuple[int, str]]) -> None:
        self._file_name = file_name
        self._separator = separator
        self._source = numbered
        self._again: deque[tuple[int, str]] = deque()
        self._taken: list[tuple[int, str]] = []
        self._ended = False
        self.broken: list[tuple[int, str]] = []

    def rows(self, complete: Callable[[], bool]) -> Iterator[Row]:
        """Every row. Where the text ends inside quotes it is cut off, unless it is `complete`."""
        while True:
            # A reader is good for one row here: it cannot be made to forget an open quotation mark.
            reader = csv.reader(self._lines(), delimiter=self._separator, strict=True)
            try:
                for cells in reader:
                    number = self._taken[0][0]
                    self._taken.clear()
                    yield number, cells
                return
            except csv.Error:
                number, _ = self._taken[0]
                if self._ended and not complete():
                    raise SourceError(
                        f"{self._file_name}, line {number}: a quotation mark is not closed, or text follows "
                        "it. The file may be cut off; export it again."
                    ) from None
                self.broken.append((number, NOT_CLOSED))
                self._again.extendleft(reversed(self._taken[1:]))
                self._taken.clear()

    def _lines(self) -> Iterator[str]:
        while True:
            if self._again:
                line = self._again.popleft()
            else:
                found = next(self._source, None)
                if found is None:
                    self._ended = True
                    return
                line = found
            self._taken.append(line)
            if len(self._taken) > LONGEST_ROW:
                raise csv.Error
            if line[1] == TOO_LONG:
                self.broken.append((line[0], TOO_LONG_RULE))
                yield "\n"
            else:
                yield line[1] + "\n"
