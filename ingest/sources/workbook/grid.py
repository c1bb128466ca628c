"""A sheet as a person sees it: cells by row and column, whatever file it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Look = Literal["text", "number", "date", "time", "percent", "truth", "error", "formula"]
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates know no time zone
_LAST_SERIAL = 2_958_465
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: its text, and its number with how the spreadsheet shows it.

    `error` is a value such as #N/A, `formula` one that was never computed; `is_spread` where a merged cell
    only reaches down here.
    """

    text: str
    look: Look = "text"
    number: float = 0.0
    is_spread: bool = False

    def moment(self) -> datetime | None:
        """The number as the spreadsheet's date and time, to the second."""
        if self.look == "text" or not 0 <= self.number <= _LAST_SERIAL:
            return None
        return _EPOCH + timedelta(seconds=round(self.number * 86_400))


@dataclass
class Grid:
    """One sheet: only filled cells are kept, counted from 1."""

    title: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)

    def put(self, row: int, column: int, cell: Cell) -> None:
        self.rows.setdefault(row, {})[column] = cell


def column_letter(column: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, place = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + place) + letters
    return letters


def position(reference: str) -> tuple[int, int]:
    """`D14` as row and column; 0 where the reference has no such part."""
    column = row = 0
    for sign in reference:
        if "A" <= sign <= "Z":
            column = column * _LETTERS + ord(sign) - ord("A") + 1
        elif sign.isascii() and sign.isdecimal():
            row = row * 10 + int(sign)
    return row, column
