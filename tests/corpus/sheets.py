"""Cases for the sheets people fill in: benefits as workbook and text, and confirmations of lessons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.corpus import cells
from tests.corpus.case import ANYTHING, READ, REFUSED, STOPPED, Case, Form, anything, rows, whole
from tests.corpus.good_sheets import (
    LESSONS,
    PROCESSES,
    SAMPLES,
    confirmations,
    processes,
    samples,
    save,
    write_base,
    write_confirmations,
    write_samples,
    write_workbook,
)
from tests.corpus.judge import NAME, NUMBER, SPACED
from tests.corpus.lines import (
    CELL_ROWS,
    LineMutation,
    cell_mutations,
    header_mutations,
    planted,
    row_mutations,
)
from tests.corpus.places import places
from tests.corpus.text import ENCODINGS, FOREIGN
from tests.corpus.textual import TextFile, cut_cases, quote_cases
from tests.corpus.workbooks import cell_kinds, packages

BOOK = Form("sheet workbook", "sheet", write_workbook, write_base, "skjema.xlsx")
TEXT = Form("sheet CSV", "sheet", write_samples, write_base, f"{SAMPLES}.csv")
ANSWERS = Form("sheet confirmations", "sheet", write_confirmations, write_base, f"{LESSONS}.csv")
MINUTES = ("ca. 15 min", "1 time 20 min", "15-20 min", "en halv time", "30 min?", "~30", "1:20", "1t20m")


def cases() -> Iterator[Case]:
    yield from _workbook()
    yield from _text()
    yield from _answers()


def _workbook() -> Iterator[Case]:
    name = "skjema.xlsx"
    date, number, text = "Dato for målingen", "Minutter per sak", "Målenummer"
    for case in cell_kinds(BOOK, name, samples(), line=4, date=date, number=number, text=text, title=SAMPLES):
        yield _patiently(case)
    for case in packages(BOOK, name):
        yield _patiently(case)
    for column, texts in (
        ("Minutter per sak", dict.fromkeys(MINUTES, READ)),
        ("Dato for målingen", _any(cells.DATES)),
        ("Antall saker målt", _any(cells.WHOLE_NUMBERS)),
    ):
        for mutation, lines in cell_mutations(column, texts, column).items():
            yield _sheet(mutation, lines)
    changed = {
        **_few(header_mutations(date, number)),
        **{f"row: {mutation}": lines for mutation, lines in row_mutations(text, number, "45").items()},
    }
    for mutation, lines in changed.items():
        yield _sheet(mutation, lines)
    plant = LineMutation(planted([text, "Hvordan ble det målt"], f"{NAME} {SPACED}"), ANYTHING, (4,))
    yield _sheet("name and identity number in a remark", plant)
    yield _sheet(
        "identity number in every column", LineMutation(planted(samples()[0], NUMBER), ANYTHING, (4,))
    )
    yield from places(BOOK, name)


def _patiently(case: Case) -> Case:
    """People's sheets are read with patience: only what is lost, told or broken is held against them."""
    partly = case.form == BOOK
    return Case(
        case.form,
        case.mutation,
        case.spoil,
        ANYTHING,
        case.harmed,
        case.file,
        alone=case.alone,
        partly=partly,
    )


def _any(texts: cells.Cells) -> cells.Cells:
    return dict.fromkeys(texts, ANYTHING)


def _few(mutations: dict[str, LineMutation]) -> dict[str, LineMutation]:
    kept = ("column left out", "two headings swapped", "no header", "only the header", "a thousand columns")
    return {
        mutation: LineMutation(lines.change, ANYTHING, None if mutation in kept else lines.hurts)
        for mutation, lines in mutations.items()
    }


def _sheet(mutation: str, lines: LineMutation) -> Case:
    name = "skjema.xlsx"

    def spoil(folder: Path) -> None:
        save(folder / name, {PROCESSES: processes(), SAMPLES: lines.change(samples())})

    harmed = whole(f"{name}/{SAMPLES}") if lines.hurts is None else rows(f"{name}/{SAMPLES}", lines.hurts)
    ends = lines.ends if lines.ends == STOPPED else ANYTHING
    return Case(BOOK, f"{name}, {mutation}", spoil, ends, harmed, name, partly=ends != STOPPED)


def _text() -> Iterator[Case]:
    file = TextFile(TEXT, f"{SAMPLES}.csv", ";")
    for mutation, change in FOREIGN.items():
        ends = ANYTHING if mutation in ("UTF-16 without its mark", "NUL byte in the middle") else REFUSED
        yield file.case(mutation, change, ends, whole(file.name))
    for mutation, change in ENCODINGS.items():
        yield file.case(mutation, change, ANYTHING, whole(file.name))
    for case in (*cut_cases(file, 7), *quote_cases(file)):
        yield _patiently(case)


def _answers() -> Iterator[Case]:
    file = TextFile(ANSWERS, f"{LESSONS}.csv", ";")
    for column, texts in (
        (
            "Ble timen holdt?",
            ("kanskje", "ja", "HOLDT", "=1+1", "#REF!", "avlyst pga. sykdom", "", "\u202eHoldt"),
        ),
        ("Hvem ledet timen?", (f"{NAME}", "Vikar Hansen", "rektor", "", "=A1")),
        ("Time-ID", ("", "l999", NUMBER, "l1", "x" * 5000)),
        ("Start (UTC)", ("", "i går", "2026-01-12", "46033.33", "9999-12-31T00:00:00Z")),
    ):
        for mutation, lines in cell_mutations(column, dict.fromkeys(texts, ANYTHING), column).items():
            yield file.of_lines(mutation, LineMutation(lines.change, ANYTHING, CELL_ROWS))
    for mutation, lines in row_mutations("Time-ID", "Ble timen holdt?", "Ikke holdt").items():
        ends = lines.ends if lines.ends == STOPPED else ANYTHING
        yield file.of_lines(mutation, LineMutation(lines.change, ends, lines.hurts))
    yield file.of_lines(
        "identity number in every column", LineMutation(planted(confirmations()[0], NUMBER), ANYTHING, (4,))
    )
    for mutation in ("empty file", "web server's error page", "only NUL bytes", "packed with zip"):
        yield file.case(mutation, FOREIGN[mutation], REFUSED, anything)
