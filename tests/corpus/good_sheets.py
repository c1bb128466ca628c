"""Good sheets of benefits and confirmations, as a person fills them in."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from tests.corpus.good import STUDENTS, csv_text, events, roster, school_of, write_tables

Lines = list[list[str]]
SAMPLES, PROCESSES, LESSONS = "Tidsmålinger", "Arbeidsprosesser", "Timer"


def samples() -> Lines:
    head = (
        "Arbeidsprosess;Skole;Dato for målingen;Før eller etter innføring;Minutter per sak;Antall saker målt;"
        "Hvordan ble det målt;Målenummer"
    )
    rows = [f"PROSESS-1;{school_of(n)};{n + 10}.12.2025;Før innføring;30;3;Tatt tiden;m{n}" for n in STUDENTS]
    return [line.split(";") for line in (head, *rows)]


def processes() -> Lines:
    head = (
        "Kode;Arbeidsprosess;Navn på engelsk;Hvem gjør arbeidet;Hva systemet gjør med prosessen;"
        "Hva er én sak;Gevinsteier;Hvor antall saker hentes fra"
    )
    return [
        head.split(";"),
        ["PROSESS-1", "Føre fravær", "Absence", "Lærer", "Endret", "Én elev", "Skoleeier", "Skjema"],
    ]


def confirmations() -> Lines:
    head = (
        "Dato;Dag;Klokken;Gruppe;Fag;Ble timen holdt?;Hvem ledet timen?;Egen merknad;Time-ID;Start (UTC);"
        "Slutt (UTC);Blokk"
    )
    rows = [
        f"{n + 10}.01.2026;mandag;09:00–10:00;1STA;Norsk;Holdt;Vikar;på høyt nivå;l{n};"
        f"2026-01-{n + 10}T08:00:00Z;2026-01-{n + 10}T09:00:00Z;b{n}"
        for n in STUDENTS
    ]
    return [line.split(";") for line in (head, *rows)]


def write_base(folder: Path) -> None:
    """The roster, its lessons unconfirmed, and the processes that are measured."""
    lessons = [
        {**row, "status": "timetabled", "cover": "", "cause": "", "replaces_lesson_id": ""}
        for row in events()["lesson"]
    ]
    process = {
        **{"process_code": "PROSESS-1", "name": "Føre fravær", "name_en": "Absence", "role": "Lærer"},
        **{"change_kind": "changed", "unit": "Én elev", "owner": "Skoleeier", "volume_source": "Skjema"},
    }
    write_tables(folder, {**roster(), "lesson": lessons, "work_process": [process]})


def write_workbook(folder: Path) -> None:
    save(folder / "skjema.xlsx", {PROCESSES: processes(), SAMPLES: samples()})


def write_samples(folder: Path) -> None:
    lines = samples()
    (folder / f"{SAMPLES}.csv").write_text(csv_text(lines[0], lines[1:], ";"), encoding="utf-8")


def write_confirmations(folder: Path) -> None:
    lines = confirmations()
    (folder / f"{LESSONS}.csv").write_text(csv_text(lines[0], lines[1:], ";"), encoding="utf-8")


def save(file: Path, sheets: dict[str, Lines]) -> None:
    with xlsxwriter.Workbook(str(file)) as book:
        for title, lines in sheets.items():
            sheet = book.add_worksheet(title)
            for number, line in enumerate(lines):
                for column, text in enumerate(line):
                    sheet.write_string(number, column, text)
