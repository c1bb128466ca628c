"""Cases for reports as Excel workbooks: cells, sheets, and the archive they are packed in."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.corpus import cells
from tests.corpus.case import (
    ANYTHING,
    LANDED,
    QUARANTINED,
    READ,
    REFUSED,
    Case,
    Form,
    Harmed,
    Outcome,
    nothing,
    rows,
    whole,
)
from tests.corpus.good import write_roster
from tests.corpus.good_reports import REPORTS, Lines, save, write_workbook
from tests.corpus.judge import NAME, NUMBER
from tests.corpus.lines import SPOILED, LineMutation, cell_mutations, header_mutations, planted, row_mutations
from tests.corpus.places import places
from tests.corpus.reports import COLUMNS, as_people_write

EXCEL = {
    name: Form(f"report {name} Excel", "report", write_workbook(name), write_roster, f"{name}.xlsx")
    for name in REPORTS
}


def excel_cases() -> Iterator[Case]:
    for name, (key, fact, other) in COLUMNS.items():
        headers, of_rows = header_mutations(fact, key), row_mutations(key, fact, other)
        mutations = {
            "column left out": headers["column left out"],
            "two headings swapped": headers["two headings swapped"],
            "rows that contradict under one key": of_rows["rows that contradict under one key"],
            "identity number in every column": LineMutation(
                planted(REPORTS[name]()[0], NUMBER), QUARANTINED, (SPOILED,)
            ),
        }
        for mutation, lines in mutations.items():
            yield of_workbook_lines(EXCEL[name], f"{name}.xlsx", mutation, lines, REPORTS[name]())
    form, file, good = EXCEL["fravaer"], "fravaer.xlsx", REPORTS["fravaer"]()
    key, fact, other = COLUMNS["fravaer"]
    some = {**header_mutations(fact, key), **row_mutations(key, fact, other)}
    quick = ("column without a name", "column twice", "no header", "only the header", "header twice")
    for mutation in (
        *quick,
        "title line above the header",
        "a thousand columns",
        "blank line",
        "rows in reverse",
    ):
        yield of_workbook_lines(form, file, mutation, some[mutation], good)
    for column, texts in (
        ("Dato", as_people_write(cells.DATES)),
        ("Minutter", as_people_write(cells.WHOLE_NUMBERS)),
    ):
        kept = {
            text: ends for text, ends in list(texts.items())[::2] if text and not text.startswith("45000")
        }
        for mutation, lines in cell_mutations(column, kept, column).items():
            yield of_workbook_lines(form, file, mutation, lines, good)
    yield from cell_kinds(form, file, good, line=SPOILED, date="Dato", number="Minutter", text="Fraværs-ID")
    yield from books(form, file, good)
    yield from packages(form, file)
    yield from places(form, file)


def of_workbook_lines(form: Form, name: str, mutation: str, lines: LineMutation, good: Lines) -> Case:
    harmed = whole(name) if lines.hurts is None else rows(name, lines.hurts)
    return Case(
        form,
        f"{name}, {mutation}",
        lambda folder: save(folder / name, lines.change(good)),
        lines.ends,
        harmed,
        name,
        bad_rows=lines.bad_rows,
    )


def cell_kinds(
    form: Form,
    name: str,
    good: Lines,
    *,
    line: int,
    date: str,
    number: str,
    text: str,
    title: str = "Rapport",
) -> Iterator[Case]:
    """Cells that are no text: numbers, dates, formulas, errors."""
    at = {column: place for place, column in enumerate(good[0])}
    row = line - 1
    writes: dict[str, tuple[Callable[[Worksheet], object], frozenset[Outcome]]] = {
        "date as Excel's number": (lambda s: s.write_number(row, at[date], 46035), ANYTHING),
        "date below zero": (lambda s: s.write_number(row, at[date], -5), QUARANTINED),
        "date beyond Excel": (lambda s: s.write_number(row, at[date], 3_000_000), QUARANTINED),
        "date of the year 1900 that never was": (
            lambda s: s.write_number(row, at[date], 60),
            QUARANTINED | READ,
        ),
        "date as truth": (lambda s: s.write_boolean(row, at[date], True), QUARANTINED),
        "date as formula": (lambda s: s.write_formula(row, at[date], "=TODAY()", None, 46035), ANYTHING),
        "formula that calls a program": (
            lambda s: s.write_formula(row, at[date], "=cmd|'/C calc'!A0", None, "#REF!"),
            QUARANTINED,
        ),
        "error for a number": (lambda s: s.write_formula(row, at[number], "=1/0", None, "#DIV/0!"), READ),
        "formula without a value": (lambda s: s.write_formula(row, at[number], "=A1", None, ""), READ),
        "number with a fraction": (lambda s: s.write_number(row, at[number], 30.5), QUARANTINED),
        "number as float error": (lambda s: s.write_number(row, at[number], 30.000000000000004), READ),
        "number of 1e308": (lambda s: s.write_number(row, at[number], 1e308), QUARANTINED),
        "number below zero": (lambda s: s.write_number(row, at[number], -30), QUARANTINED),
        "id as a number": (lambda s: s.write_number(row, at[text], 12), READ),
        "id as a number of 17 digits": (lambda s: s.write_number(row, at[text], 12345678901234567), READ),
        "identity number as a number": (lambda s: s.write_number(row, at[text], int(NUMBER)), READ),
        "link in a cell": (lambda s: s.write_url(row, at[text], "https://example.org/", string="fa3"), READ),
        "rich text in a cell": (lambda s: s.write_rich_string(row, at[text], "f", "a3 "), READ),
        "note on a cell": (lambda s: s.write_comment(row, at[text], f"{NAME} {NUMBER}"), LANDED),
    }
    for mutation, (write, ends) in writes.items():

        def spoil(folder: Path, write: Callable[[Worksheet], object] = write) -> None:
            with xlsxwriter.Workbook(str(folder / name)) as book:
                sheet = book.add_worksheet(title)
                _fill(sheet, good)
                write(sheet)

        yield Case(form, f"{name}, {mutation}", spoil, ends, rows(name, [line]), name)


def _fill(sheet: Worksheet, lines: Lines, down: int = 0) -> None:
    for number, line in enumerate(lines):
        for column, text in enumerate(line):
            sheet.write_string(number + down, column, text)


def books(form: Form, name: str, good: Lines) -> Iterator[Case]:
    """Workbooks as people keep them."""

    def case(
        mutation: str,
        make: Callable[[xlsxwriter.Workbook], object],
        ends: frozenset[Outcome],
        harmed: Harmed = nothing,
    ) -> Case:
        def spoil(folder: Path) -> None:
            with xlsxwriter.Workbook(str(folder / name)) as book:
                make(book)

        return Case(form, f"{name}, {mutation}", spoil, ends, harmed, name)

    def other_sheets_first(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Forside").write(0, 0, "Fravær")
        book.add_worksheet("Tom")
        _fill(book.add_worksheet("Data"), good)

    def hidden(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Forside").write(0, 0, "Se ikke her")
        sheet = book.add_worksheet("Data")
        _fill(sheet, good)
        sheet.hide()

    def chart_only(book: xlsxwriter.Workbook) -> None:
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Data!$A$1:$A$2"})
        book.add_chartsheet().set_chart(chart)
        book.add_worksheet("Data")

    def merged(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Data")
        sheet.merge_range(0, 0, 0, 5, "Fravær våren 2026")
        sheet.merge_range(1, 0, 1, 2, "Elev")
        _fill(sheet, good, down=2)

    def moved_right(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Data")
        for number, line in enumerate(good):
            for column, text in enumerate(line):
                sheet.write_string(number + 3, column + 2, text)

    yield case("other sheets first", other_sheets_first, LANDED)
    yield case("data on a hidden sheet", hidden, ANYTHING, whole(name))
    yield case("nothing but a chart", chart_only, REFUSED, whole(name))
    yield case("no rows and no header", lambda book: book.add_worksheet(), REFUSED, whole(name))
    yield case("merged headings above", merged, READ)
    yield case("table in the middle of the sheet", moved_right, READ)
    yield case(
        "same sheet twice", lambda book: [_fill(book.add_worksheet(n), good) for n in ("A", "B")], ANYTHING
    )
    yield case(
        "fifty empty sheets",
        lambda book: [_fill(book.add_worksheet(), good), *(book.add_worksheet() for _ in range(49))],
        READ,
    )
    yield case("last cell of the sheet filled", lambda book: _far(book, good), ANYTHING, whole(name))


def _far(book: xlsxwriter.Workbook, good: Lines) -> None:
    sheet = book.add_worksheet("Data")
    _fill(sheet, good)
    sheet.write(30_000, 200, "x")


def packages(form: Form, name: str) -> Iterator[Case]:
    """The zip archive and the XML inside a workbook."""

    def binary(mutation: str, change: Callable[[bytes], bytes], ends: frozenset[Outcome] = REFUSED) -> Case:
        def spoil(folder: Path) -> None:
            (folder / name).write_bytes(change((folder / name).read_bytes()))

        return Case(form, f"{name}, {mutation}", spoil, ends, whole(name), name)

    def part(
        mutation: str, which: str, change: Callable[[bytes], bytes | None], ends: frozenset[Outcome]
    ) -> Case:
        def spoil(folder: Path) -> None:
            rewritten(folder / name, which, change)

        return Case(form, f"{name}, {mutation}", spoil, ends, whole(name), name)

    for share in (5, 30, 50, 80, 99):
        yield binary(f"cut at {share} %", lambda content, share=share: content[: len(content) * share // 100])  # type: ignore[misc]
    for share in (10, 35, 60, 85):
        yield binary(
            f"bit flipped at {share} %", lambda content, share=share: _flipped(content, share), ANYTHING
        )  # type: ignore[misc]
    yield binary("empty file", lambda content: b"")
    yield binary("only NUL bytes", lambda content: bytes(len(content)))
    yield binary("a CSV named as a workbook", lambda content: b"a;b\n1;2\n")
    yield binary(
        "web page named as a workbook", lambda content: b"<html><table><tr><td>1</td></tr></table></html>"
    )
    yield binary(
        "old Excel's signature alone", lambda content: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    )
    yield binary("bytes before the archive", lambda content: b"\x00" * 100 + content, ANYTHING)
    yield binary("bytes behind the archive", lambda content: content + b"\x00" * 100, ANYTHING)
    sheet, strings, book = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
    for which in (sheet, strings, book, "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"):
        yield part(f"without {which}", which, lambda content: None, ANYTHING)
        yield part(f"{which} cut", which, lambda content: content[: len(content) // 2], ANYTHING)
    yield part("sheet is a web page", sheet, lambda content: b"<html><body>503</body></html>", REFUSED)
    yield part("sheet in UTF-16", sheet, lambda content: content.decode().encode("utf-16"), ANYTHING)
    yield part(
        "string beyond the list",
        sheet,
        lambda content: content.replace(b"<v>3</v>", b"<v>99999</v>"),
        ANYTHING,
    )
    yield part(
        "string below zero", sheet, lambda content: content.replace(b"<v>3</v>", b"<v>-1</v>"), ANYTHING
    )
    yield part(
        "cell of no place", sheet, lambda content: content.replace(b'r="A4"', 'r="ÆØÅ"'.encode()), ANYTHING
    )
    yield part(
        "cell beyond the sheet", sheet, lambda content: content.replace(b'r="A4"', b'r="ZZZZZZ99"'), ANYTHING
    )
    yield part("cell of row zero", sheet, lambda content: content.replace(b'r="A4"', b'r="A0"'), ANYTHING)
    yield part(
        "numbers that are none",
        sheet,
        lambda content: re.sub(rb't="s"><v>\d+', b"><v>1e999x", content),
        ANYTHING,
    )
    yield part(
        "size stated as the whole sheet",
        sheet,
        lambda content: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', content),
        LANDED,
    )
    yield part("a billion laughs", strings, billion_laughs, ANYTHING)
    yield part("an entity from outside", strings, outside_entity, ANYTHING)
    yield part("nested 100,000 deep", sheet, lambda content: b"<worksheet>" + b"<a>" * 100_000, ANYTHING)


def _flipped(content: bytes, share: int) -> bytes:
    place = len(content) * share // 100
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


def rewritten(file: Path, which: str, change: Callable[[bytes], bytes | None]) -> None:
    """The archive with one member changed, or left out."""
    with zipfile.ZipFile(file) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    assert which in members, which
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            new = change(content) if member == which else content
            if new is not None:
                archive.writestr(zipfile.ZipInfo(member), new, zipfile.ZIP_DEFLATED)


def billion_laughs(content: bytes) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    head = f"<!DOCTYPE sst [{entities}]>".encode()
    return content.replace(b"<sst", head + b"<sst", 1).replace(b"<t>", b"<t>&l9;", 1)


def outside_entity(content: bytes) -> bytes:
    head = b'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return content.replace(b"<sst", head + b"<sst", 1).replace(b"<t>", b"<t>&x;", 1)
