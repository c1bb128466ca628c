"""Cases for reports as text and as workbooks, by every shipped profile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.corpus import cells
from tests.corpus.case import (
    ANYTHING,
    LANDED,
    QUARANTINED,
    READ,
    REFUSED,
    Case,
    Form,
    Outcome,
    whole,
)
from tests.corpus.good import write_roster
from tests.corpus.good_reports import REPORTS, Lines, write_report
from tests.corpus.judge import DASHED, NAME, NUMBER, SPACED
from tests.corpus.lines import SPOILED, LineMutation, cell_mutations, header_mutations, planted, row_mutations
from tests.corpus.places import folders, manifests, places
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
    yield from line_cases(absence, cell_mutations("Dato", as_people_write(cells.DATES), "date"))
    yield from line_cases(
        absence, cell_mutations("Minutter", as_people_write(cells.WHOLE_NUMBERS), "minutes")
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


def as_people_write(texts: cells.Cells) -> cells.Cells:
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
