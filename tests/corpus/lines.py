"""Ways to spoil a table of lines: its header, its rows, its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.corpus.case import ANYTHING, LANDED, NOT_CLEAN, QUARANTINED, READ, REFUSED, STOPPED, Outcome

Lines = list[list[str]]
# The row that is spoiled, as its line number: not the first, not the last.
SPOILED = 4
# Where several values are tried at once; the first and the last row stay good.
CELL_ROWS = (3, 4, 5, 6)


@dataclass(frozen=True)
class LineMutation:
    """`hurts` are the lines that may be missing afterwards; None is all of them."""

    change: Callable[[Lines], Lines]
    ends: frozenset[Outcome]
    hurts: tuple[int, ...] | None = ()
    # How many rows must be in quarantine at least.
    bad_rows: int = 0


def cell(column: str, text: str, line: int = SPOILED) -> Callable[[Lines], Lines]:
    def change(lines: Lines) -> Lines:
        place = lines[0].index(column)
        return [
            [text if (number, at) == (line, place) else value for at, value in enumerate(row)]
            for number, row in enumerate(lines, start=1)
        ]

    return change


def every_cell(text: str, line: int = SPOILED) -> Callable[[Lines], Lines]:
    return lambda lines: [
        [text] * len(row) if number == line else row for number, row in enumerate(lines, start=1)
    ]


def _row(change: Callable[[list[str]], list[str]], line: int = SPOILED) -> Callable[[Lines], Lines]:
    return lambda lines: [change(row) if number == line else row for number, row in enumerate(lines, start=1)]


def _header(change: Callable[[list[str]], list[str]]) -> Callable[[Lines], Lines]:
    return lambda lines: [change(lines[0]), *lines[1:]]


def _each(change: Callable[[list[str]], list[str]]) -> Callable[[Lines], Lines]:
    return lambda lines: [change(row) for row in lines]


def _inserted(row: Callable[[Lines], list[str]]) -> Callable[[Lines], Lines]:
    return lambda lines: [*lines[: SPOILED - 1], row(lines), *lines[SPOILED - 1 :]]


def _swapped(row: list[str], one: int, other: int) -> list[str]:
    changed = list(row)
    changed[one], changed[other] = changed[other], changed[one]
    return changed


def _contradiction(lines: Lines, column: str, text: str) -> Lines:
    return [*lines, cell(column, text)(lines)[SPOILED - 1]]


def header_mutations(needed: str, other: str) -> dict[str, LineMutation]:
    """`needed` and `other` are columns that cannot be left out, of different kinds."""

    def without(column: str) -> Callable[[Lines], Lines]:
        return lambda lines: [
            [value for at, value in enumerate(row) if at != lines[0].index(column)] for row in lines
        ]

    def renamed(column: str, name: str) -> Callable[[Lines], Lines]:
        return _header(lambda row: [name if value == column else value for value in row])

    def swap(lines: Lines) -> tuple[int, int]:
        return lines[0].index(needed), lines[0].index(other)

    return {
        "column left out": LineMutation(without(needed), REFUSED, None),
        "another column left out": LineMutation(without(other), REFUSED, None),
        "column renamed": LineMutation(renamed(needed, "Noe helt annet"), REFUSED, None),
        "column without a name": LineMutation(renamed(needed, ""), REFUSED, None),
        "column named by an identity number": LineMutation(renamed(needed, "13097248022"), REFUSED, None),
        "column name with terminal codes": LineMutation(renamed(needed, "\x1b[31m\u202eabc"), REFUSED, None),
        "column name of 100,000 letters": LineMutation(renamed(needed, "x" * 100_000), REFUSED, None),
        "column twice": LineMutation(_each(lambda row: [*row, row[0]]), REFUSED, None),
        "column renamed to its neighbour": LineMutation(renamed(needed, other), REFUSED, None),
        "two headings swapped": LineMutation(
            lambda lines: [_swapped(lines[0], *swap(lines)), *lines[1:]], NOT_CLEAN, None
        ),
        "two columns swapped with their headings": LineMutation(
            lambda lines: [_swapped(row, *swap(lines)) for row in lines], LANDED
        ),
        "columns in reverse": LineMutation(_each(lambda row: row[::-1]), LANDED),
        "headings in capitals": LineMutation(
            _header(lambda row: [name.upper() for name in row]), ANYTHING, None
        ),
        "headings with blanks": LineMutation(
            _header(lambda row: [f"  {name} " for name in row]), ANYTHING, None
        ),
        "headings with hard blanks": LineMutation(
            _header(lambda row: [f"\u00a0{name}" for name in row]), ANYTHING, None
        ),
        "headings with zero-width letters": LineMutation(
            _header(lambda row: [f"{name}\u200b" for name in row]), ANYTHING, None
        ),
        "no header": LineMutation(lambda lines: lines[1:], REFUSED, None),
        "only the header": LineMutation(lambda lines: lines[:1], ANYTHING, None),
        "header twice": LineMutation(_inserted(lambda lines: lines[0]), ANYTHING, ()),
        "title line above the header": LineMutation(
            lambda lines: [["Uttrekk 2. mars 2026"], *lines], ANYTHING, ()
        ),
        "column that nobody knows": LineMutation(
            lambda lines: [[*row, "Merknad" if at == 0 else "ok"] for at, row in enumerate(lines)],
            ANYTHING,
            (),
        ),
        "a thousand columns": LineMutation(
            lambda lines: [
                [*row, *(f"k{n}" if at == 0 else "" for n in range(1000))] for at, row in enumerate(lines)
            ],
            ANYTHING,
            (),
        ),
    }


def row_mutations(key: str, fact: str, contradiction: str) -> dict[str, LineMutation]:
    """`key` is the key column; `contradiction` another good value for the column `fact`."""
    return {
        "row too short": LineMutation(_row(lambda row: row[:-1]), QUARANTINED, (SPOILED,)),
        "row of one field": LineMutation(_row(lambda row: row[:1]), NOT_CLEAN, (SPOILED,)),
        "row too long": LineMutation(_row(lambda row: [*row, "mer"]), QUARANTINED, (SPOILED,)),
        "row of a thousand fields": LineMutation(
            _row(lambda row: [*row, *["x"] * 1000]), QUARANTINED, (SPOILED,)
        ),
        "row of blanks": LineMutation(_inserted(lambda lines: [" "] * len(lines[0])), ANYTHING, ()),
        "row of empty fields": LineMutation(_inserted(lambda lines: [""] * len(lines[0])), ANYTHING, ()),
        "blank line": LineMutation(_inserted(lambda lines: []), LANDED, ()),
        "comment": LineMutation(_inserted(lambda lines: ["# ikke rørt siden januar"]), ANYTHING, ()),
        "total row at the end": LineMutation(
            lambda lines: [*lines, ["Sum", *["" for _ in lines[0][1:]]]], ANYTHING, ()
        ),
        "the same row twice": LineMutation(lambda lines: [*lines, lines[SPOILED - 1]], LANDED, ()),
        "every row twice": LineMutation(lambda lines: [*lines, *lines[1:]], LANDED, ()),
        "rows that contradict under one key": LineMutation(
            lambda lines: _contradiction(lines, fact, contradiction), QUARANTINED, ()
        ),
        "a hundred contradictions": LineMutation(
            lambda lines: [
                *lines,
                *(cell(fact, contradiction)(lines)[SPOILED - 1] for _ in range(101)),
            ],
            STOPPED,
            None,
        ),
        "rows in reverse": LineMutation(lambda lines: [lines[0], *lines[:0:-1]], LANDED, ()),
        "last row gone": LineMutation(lambda lines: lines[:-1], LANDED, (7,)),
        "a break inside quotes": LineMutation(cell(key, "to\nlinjer"), READ, (SPOILED,)),
    }


def cell_mutations(column: str, texts: dict[str, frozenset[Outcome]], shown: str) -> dict[str, LineMutation]:
    """A few values to a delivery, each in a row of its own; every one must end as the others do."""
    made = {}
    for ends in dict.fromkeys(texts.values()):
        alike = [text for text in texts if texts[text] == ends]
        for start in range(0, len(alike), len(CELL_ROWS)):
            few = alike[start : start + len(CELL_ROWS)]
            made[f"{shown} {', '.join(f'“{_printable(text)}”' for text in few)}"] = LineMutation(
                _cells(column, few), ends, CELL_ROWS, len(few) if ends == QUARANTINED else 0
            )
    return made


def _cells(column: str, texts: list[str]) -> Callable[[Lines], Lines]:
    def change(lines: Lines) -> Lines:
        for line, text in zip(CELL_ROWS, texts, strict=False):
            lines = cell(column, text, line)(lines)
        return lines

    return change


def _printable(text: str) -> str:
    short = text if len(text) <= 25 else f"{text[:3]}… ({len(text):,} letters)"
    return "".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in short)


def planted(columns: Iterable[str], text: str, line: int = SPOILED) -> Callable[[Lines], Lines]:
    """The text in each of these columns of one row."""

    def change(lines: Lines) -> Lines:
        for column in columns:
            lines = cell(column, text, line)(lines)
        return lines

    return change
