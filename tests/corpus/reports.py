"""Cases for reports as text and as workbooks, by every shipped profile."""

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
from tests.corpus.good_reports import REPORTS, Lines, save, write_report, write_workbook
from tests.corpus.judge import DASHED, NAME, NUMBER, SPACED
from tests.corpus.landing import folders, manifests, places
from tests.corpus.lines import SPOILED, LineMutation, cell_mutations, header_mutations, planted, row_mutations
from tests.corpus.textual import (
    TextFile,
    cut_cases,
    encoding_cases,
    foreign_cases,
    line_cases,
    line_end_cases,
    quote_cases,
)

CSV = {
    name: Form(f"report {name} CSV", "report", write_report(name), write_roster, f"{name}.csv")
    for name in REPORTS
}
EXCEL = {
    name: Form(f"report {name} Excel", "report", write_workbook(name), write_roster, f"{name}.xlsx")
    for name in REPORTS
}
# Of each report: its key, a column that says something else, and another good value for that.
COLUMNS = {
    "skolerute": ("Dato", "Type", "fri"),
    "timeplan": ("Time-ID", "Slutt", "09:45"),
    "timeregister": ("Time-ID", "Status", "avlyst"),
    "fravaer": ("Fraværs-ID", "Kode", "M"),
    "eksamen": ("Elevforhold-ID", "Til", "30.06.2026"),
    "vedtak": ("Vedtaks-ID", "Timer", "12,5"),
}
CLOCKS: cells.Cells = {
    **dict.fromkeys(("25:00", "08:60", "kl. ni", "-01:00", "#REF!", "=NOW()", "½ 9", "8-9"), QUARANTINED),
    **dict.fromkeys(("24:00", "0,3541666", "8", "08.15", "8:15 PM", "08:15:30,5"), READ),
}


def csv_cases() -> Iterator[Case]:
    for name, (key, fact, other) in COLUMNS.items():
        file = TextFile(CSV[name], f"{name}.csv", ";")
        headers, of_rows = header_mutations(fact, key), row_mutations(key, fact, other)
        if name == "fravaer":
            yield from line_cases(file, {**headers, **of_rows})
        else:
            few = ("column left out", "two headings swapped", "no header", "title line above the header")
            yield from line_cases(file, {mutation: headers[mutation] for mutation in few})
            few = ("row too short", "row too long", "rows that contradict under one key")
            yield from line_cases(file, {mutation: of_rows[mutation] for mutation in few})
        yield _planted(file, name)
    absence = TextFile(CSV["fravaer"], "fravaer.csv", ";")
    register = TextFile(CSV["timeregister"], "timeregister.csv", ";")
    yield from foreign_cases(
        absence, {"NUL byte in the middle": QUARANTINED, "UTF-16 without its mark": LANDED}
    )
    good_encodings = ("UTF-16 little-endian with its mark", "UTF-16 big-endian with its mark")
    clean = (*good_encodings, "Windows-1252", "byte-order mark")
    doubtful = ("one Latin-1 letter in UTF-8", "encoded twice", "overlong letter", "half a surrogate pair")
    odd = ("letter beyond Unicode", "two byte-order marks", "byte-order mark in the middle")
    yield from encoding_cases(
        register, dict.fromkeys(clean, LANDED) | dict.fromkeys((*doubtful, *odd), ANYTHING)
    )
    yield from line_end_cases(register)
    yield from cut_cases(register, 7)
    yield from quote_cases(absence)
    yield from line_cases(absence, cell_mutations("Dato", _as_people_write(cells.DATES), "date"))
    yield from line_cases(
        absence, cell_mutations("Minutter", _as_people_write(cells.WHOLE_NUMBERS), "minutes")
    )
    yield from line_cases(absence, cell_mutations("Kode", cells.CODES, "code"))
    yield from line_cases(absence, cell_mutations("På vitnemål", cells.TRUTHS, "truth"))
    yield from line_cases(absence, cell_mutations("Fra", CLOCKS, "clock"))
    yield from line_cases(
        TextFile(CSV["vedtak"], "vedtak.csv", ";"), cell_mutations("Timer", cells.DECIMALS, "hours")
    )
    yield from line_cases(register, cell_mutations("Årsak", cells.TEXTS, "text"))
    yield from line_cases(register, _register_oddities())
    yield from places(CSV["fravaer"], "fravaer.csv")
    yield from list(manifests(CSV["eksamen"]))[:4]
    yield _named_by_a_number()


def _as_people_write(texts: cells.Cells) -> cells.Cells:
    """Reports are read with more patience than the contract: Excel's numbers for days, months by name."""
    meant = {"45000", "45000.5", "11. januar 2026", "20260230", "30 min", "９", "ca. 15 min", "1 time 20 min"}
    return {text: READ if text in meant else ends for text, ends in texts.items()}


def _named_by_a_number() -> Case:
    """One file per student, as some systems write them, with a bad row in it."""
    name = f"eksamen {NUMBER}.csv"

    def spoil(folder: Path) -> None:
        text = (folder / "eksamen.csv").read_text(encoding="utf-8").replace("13.05.2026", "i går")
        (folder / "eksamen.csv").unlink()
        (folder / name).write_text(text, encoding="utf-8")

    return Case(
        CSV["eksamen"],
        "file named by an identity number",
        spoil,
        QUARANTINED,
        whole("eksamen.csv"),
        None,
        name,
    )


def _planted(file: TextFile, name: str) -> Case:
    columns = REPORTS[name]()[0]
    number = {"fravaer": SPACED, "vedtak": DASHED}.get(name, NUMBER)
    plant = LineMutation(planted(columns, number), QUARANTINED, (SPOILED,))
    return file.of_lines("identity number in every column", plant)


def _register_oddities() -> dict[str, LineMutation]:
    def one(column: str, text: str, ends: frozenset[Outcome] = QUARANTINED) -> LineMutation:
        return LineMutation(planted([column], text), ends, (SPOILED,))

    def on_the_day(day: str, start: str, end: str) -> LineMutation:
        def change(lines: Lines) -> Lines:
            for column, text in (("Dato", day), ("Start", start), ("Slutt", end)):
                lines = planted([column], text)(lines)
            return lines

        return LineMutation(change, READ, (SPOILED,))

    return {
        "in the hour that spring skips": on_the_day("29.03.2026", "02:30", "03:30"),
        "in the hour that autumn repeats": on_the_day("25.10.2026", "02:30", "02:45"),
        "over the hour that autumn repeats": on_the_day("25.10.2026", "01:30", "03:30"),
        "on the 31st of February": on_the_day("31.02.2026", "08:15", "09:00"),
        "until midnight as 24:00": on_the_day("12.02.2026", "23:15", "24:00"),
        "ends before it starts": one("Slutt", "07:00"),
        "replaces itself": one("Erstatter time-ID", "tr3"),
        "group that is not there": one("Grupper", "g9999"),
        "a hundred groups": one("Grupper", "|".join(f"g{n}" for n in range(100)), READ),
        "groups of bars alone": one("Grupper", "|||", READ),
        "the same group twice": one("Grupper", "g1002|g1002", READ),
        "share without a number": one("Fagfordeling", "NOR1260", QUARANTINED),
        "share below zero": one("Fagfordeling", "NOR1260=-20", QUARANTINED),
        "shares beyond the lesson": one("Fagfordeling", "NOR1260=500", READ),
        "share of equals signs": one("Fagfordeling", "====", READ),
        "name and number in a cause": one("Årsak", f"{NAME} {NUMBER}", READ),
        "name and number in a status": one("Status", f"{NAME} {SPACED}", QUARANTINED),
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
    for column, texts in (("Dato", cells.DATES), ("Minutter", cells.WHOLE_NUMBERS)):
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


def folder_cases() -> Iterator[Case]:
    """A folder of reports rather than one file."""
    form = Form("report folder", "report", _write_folder, write_roster)
    for case in folders(form, "eksamen.csv"):
        if "unknown name" not in case.mutation:
            yield Case(form, case.mutation, case.spoil, ANYTHING, case.harmed, case.target, case.target)
    yield Case(
        form,
        "one report of two unusable",
        lambda folder: (folder / "eksamen.csv").write_text("x"),
        REFUSED,
        whole("eksamen.csv"),
        "eksamen.csv",
        partly=True,
    )


def _write_folder(folder: Path) -> None:
    write_report("eksamen")(folder)
    write_report("skolerute")(folder)
