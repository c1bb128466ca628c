"""Good reports, one per shipped profile, as CSV and as Excel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from tests.corpus.good import STUDENTS, csv_text, group_of, school_of

Lines = list[list[str]]


def absence() -> Lines:
    head = "Fraværs-ID;Elevforhold-ID;Gruppe-ID;Time-ID;Fagkode;Dato;Fra;Til;Minutter;Kode;På vitnemål"
    rows = [
        f"fa{n};e{n};{group_of(n)};;NOR1260;{n + 10}.01.2026;09:00;09:30;30;{'§' if n == 2 else 'X'};Ja"
        for n in STUDENTS
    ]
    return _lines(head, rows)


def decision() -> Lines:
    head = "Vedtaks-ID;Elevforhold-ID;Fagkode;Type;Timer;Gyldig fra;Gyldig til;Vedtaksdato"
    rows = [
        f"v{n};e{n};NOR1260;særskilt språkopplæring;56,5;18.08.2025;19.06.2026;20.08.2025" for n in STUDENTS
    ]
    return _lines(head, rows)


def exam_period() -> Lines:
    rows = [f"e{n};{n + 10}.05.2026;{n + 11}.05.2026;forberedelse" for n in STUDENTS]
    return _lines("Elevforhold-ID;Fra;Til;Type", rows)


def lesson_register() -> Lines:
    head = (
        "Time-ID;Skolenr;Dato;Start;Slutt;Grupper;Status;Dekning;Erstatter time-ID;Fagkode;Årsak;Fagfordeling"
    )
    rows = [
        f"tr{n};{school_of(n)};{n + 10}.02.2026;08:15;09:00;{group_of(n)};holdt;slått sammen;;NOR1260;"
        "Lærer på kurs, «hele» dagen;NOR1260=20|ENG1007=25"
        for n in STUDENTS
    ]
    return _lines(head, rows)


def school_day() -> Lines:
    rows = [f"99;{school_of(n)};{n + 10}.03.2026;planleggingsdag" for n in STUDENTS]
    return _lines("Fylkenr;Skolenr;Dato;Type", rows)


def school_position() -> Lines:
    rows = [f"{school};60,{n}5;10,{n}5" for n, school in enumerate(sorted({school_of(n) for n in STUDENTS}))]
    return _lines("Skolenr;Breddegrad;Lengdegrad", rows)


def timetable() -> Lines:
    rows = [f"tp{n};{school_of(n)};{n + 10}.04.2026;08:15;09:00;{group_of(n)};lærer-{n}" for n in STUDENTS]
    return _lines("Time-ID;Skolenr;Dato;Start;Slutt;Grupper;Lærer-ID", rows)


REPORTS: dict[str, Callable[[], Lines]] = {
    "skolerute": school_day,
    "skoleregister": school_position,
    "timeplan": timetable,
    "timeregister": lesson_register,
    "fravaer": absence,
    "eksamen": exam_period,
    "vedtak": decision,
}


def write_report(name: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        lines = REPORTS[name]()
        text = csv_text(lines[0], lines[1:], ";")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")

    return write


def write_workbook(name: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        save(folder / f"{name}.xlsx", REPORTS[name]())

    return write


def save(file: Path, lines: Lines) -> None:
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("Rapport")
        for number, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(number, column, text)


def _lines(head: str, rows: list[str]) -> Lines:
    return [line.split(";") for line in (head, *rows)]
