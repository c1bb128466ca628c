"""Cases for formats of separated text: landing CSV, reports, and whatever else is lines of fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.case import (
    ANYTHING,
    LANDED,
    NOT_CLEAN,
    REFUSED,
    Case,
    Form,
    Harmed,
    Outcome,
    anything,
    from_row,
    nothing,
    rows,
    whole,
)
from tests.corpus.good import csv_text
from tests.corpus.lines import SPOILED, LineMutation, Lines
from tests.corpus.text import (
    ENCODINGS,
    FOREIGN,
    LINE_ENDS,
    Bytes,
    after_first_line,
    before,
    behind,
    cut,
    cut_in_a_letter,
    replaced,
    without_last_bytes,
)


@dataclass(frozen=True)
class TextFile:
    """One file of a form's delivery."""

    form: Form
    name: str
    separator: str
    alone: bool = False

    def case(
        self,
        mutation: str,
        change: Bytes,
        ends: frozenset[Outcome],
        harmed: Harmed = nothing,
        bad_rows: int = 0,
    ) -> Case:
        def spoil(folder: Path) -> None:
            file = folder / self.name
            file.write_bytes(change(file.read_bytes()))

        return Case(
            self.form,
            f"{self.name}, {mutation}",
            spoil,
            ends,
            harmed,
            self.name,
            alone=self.alone,
            bad_rows=bad_rows,
        )

    def of_lines(self, mutation: str, lines: LineMutation) -> Case:
        def change(content: bytes) -> bytes:
            changed = lines.change(self.parsed(content))
            return csv_text(changed[0], changed[1:], self.separator).encode()

        harmed = whole(self.name) if lines.hurts is None else rows(self.name, lines.hurts)
        return self.case(mutation, change, lines.ends, harmed, lines.bad_rows)

    def parsed(self, content: bytes) -> Lines:
        return list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=self.separator))


def line_cases(file: TextFile, mutations: Mapping[str, LineMutation]) -> Iterator[Case]:
    for mutation, lines in mutations.items():
        yield file.of_lines(mutation, lines)


def foreign_cases(file: TextFile, ends: Mapping[str, frozenset[Outcome]] | None = None) -> Iterator[Case]:
    """`ends` by mutation; the others are refused."""
    for mutation, change in FOREIGN.items():
        yield file.case(mutation, change, (ends or {}).get(mutation, REFUSED), whole(file.name))


def encoding_cases(file: TextFile, ends: Mapping[str, frozenset[Outcome]]) -> Iterator[Case]:
    """`ends` by mutation; the others are refused."""
    for mutation, change in ENCODINGS.items():
        expected = ends.get(mutation, REFUSED)
        yield file.case(mutation, change, expected, nothing if expected == LANDED else whole(file.name))


def line_end_cases(file: TextFile) -> Iterator[Case]:
    good = {"carriage returns alone", "carriage return and line feed", "one line ends in a carriage return"}
    for mutation, change in LINE_ENDS.items():
        if mutation in good or mutation == "blank line between any two":
            yield file.case(mutation, change, LANDED)
        else:
            yield file.case(mutation, change, ANYTHING, whole(file.name))


def cut_cases(file: TextFile, last: int) -> Iterator[Case]:
    """`last` is the last line: what a cut hurts is the lines from there on, never those before."""
    for share, first in ((0.05, 2), (0.35, 2), (0.6, 3), (0.85, 5)):
        yield file.case(f"cut at {share:.0%}", cut(share), ANYTHING, from_row(file.name, first))
    yield file.case("cut inside a letter", cut_in_a_letter, ANYTHING, from_row(file.name, 2))
    yield file.case("last line break missing", without_last_bytes(1), LANDED)
    yield file.case("last letter missing", without_last_bytes(2), ANYTHING, from_row(file.name, last))
    yield file.case("cut inside the header", lambda content: content[:12], REFUSED, whole(file.name))
    yield file.case("cut inside quotes", _quoted_then_cut(file), REFUSED, from_row(file.name, last))


def _quoted_then_cut(file: TextFile) -> Bytes:
    def change(content: bytes) -> bytes:
        quoted = _all_quoted(file)(content)
        return quoted[:-3]

    return change


def _all_quoted(file: TextFile) -> Bytes:
    def change(content: bytes) -> bytes:
        held = io.StringIO()
        writer = csv.writer(held, delimiter=file.separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerows(file.parsed(content))
        return held.getvalue().encode()

    return change


def quote_cases(file: TextFile) -> Iterator[Case]:
    """Quotation marks where none belong, and other signs in their place."""
    mark = file.separator.encode()

    def on(line: int, change: Callable[[bytes], bytes]) -> Bytes:
        def changed(content: bytes) -> bytes:
            lines = content.split(b"\n")
            lines[line - 1] = change(lines[line - 1])
            return b"\n".join(lines)

        return changed

    def first(new: bytes) -> Bytes:
        return on(SPOILED, lambda line: new + line)

    hurt = from_row(file.name, SPOILED)
    yield file.case("every field in quotes", _all_quoted(file), LANDED)
    yield file.case("quote at the start of a row", first(b'"'), NOT_CLEAN, hurt)
    yield file.case("quote at the end of a row", on(SPOILED, lambda line: line + b'"'), ANYTHING, hurt)
    yield file.case(
        "quote inside a field", on(SPOILED, lambda line: line[:2] + b'"' + line[2:]), ANYTHING, hurt
    )
    yield file.case("text behind a closing quote", first(b'"a"b'), ANYTHING, hurt)
    yield file.case("quote in the header", on(1, lambda line: b'"' + line), REFUSED, whole(file.name))
    yield file.case(
        "single quotes",
        on(SPOILED, lambda line: b"'" + line.replace(mark, b"'" + mark + b"'") + b"'"),
        ANYTHING,
        hurt,
    )
    yield file.case("escaped by backslash", first(b'"a\\"'), ANYTHING, hurt)
    yield file.case("typographic quotes", first("“".encode()), ANYTHING, hurt)
    yield file.case(
        "separator doubled", on(SPOILED, lambda line: line.replace(mark, mark * 2)), ANYTHING, hurt
    )
    other = b"," if file.separator == ";" else b";"
    yield file.case(
        "one row by another separator",
        on(SPOILED, lambda line: line.replace(mark, other)),
        NOT_CLEAN,
        rows(file.name, [SPOILED]),
    )
    yield file.case("separated by bars", replaced(mark, b"|"), ANYTHING, whole(file.name))
    yield file.case("separated by tabs", replaced(mark, b"\t"), ANYTHING, whole(file.name))
    yield file.case("separator stated for Excel", before(b"sep=" + mark + b"\n"), ANYTHING, whole(file.name))
    yield file.case("separator behind every line", replaced(b"\n", mark + b"\n"), ANYTHING, whole(file.name))
    yield file.case("NUL byte in a field", first(b"\x00"), NOT_CLEAN, whole(file.name))
    yield file.case("form feed between rows", after_first_line(b"\x0c\n"), ANYTHING, anything)
    yield file.case("end-of-file sign of DOS", behind(b"\x1a"), ANYTHING, nothing)
