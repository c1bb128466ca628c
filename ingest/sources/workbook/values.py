"""One cell as the value its column wants, or what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.identity import Pseudonyms, identifier
from ingest.sources.workbook import days, quantities
from ingest.sources.workbook.forms import (
    ALL_SCHOOLS,
    ALL_SCHOOLS_LABEL,
    CodeList,
    Column,
    code_lists,
    milestones,
)
from ingest.sources.workbook.grid import Cell
from ingest.sources.workbook.known import Known, county_names
from ingest.sources.workbook.limits import TEXT_LENGTH
from ingest.sources.workbook.quantities import UnreadableError
from ingest.sources.workbook.words import closest, listed, plain, school_name

_LONGEST_INITIALS = 6
_SHOWN = 6
_SEVERAL = re.compile(r"\s*(?:[;,/+&]|\bog\b)\s*")
_TRUTH = {
    **dict.fromkeys(("ja", "j", "x", "sann", "true", "1", "✓", "✔", "yes"), True),
    **dict.fromkeys(("nei", "n", "usann", "false", "0", "no", "ikke"), False),
}
_NEVER_COMPUTED = (
    "Formelen er ikke regnet ut. Åpne filen i Excel, lagre den og lever den igjen, eller skriv verdien"
)
_WRONG_RESULT = "Formelen gir en feil. Skriv verdien i stedet"
_READ: dict[str, Callable[[Cell], object]] = {
    "date": days.day,
    "month": days.month,
    "moment": days.moment,
    "moment_end": days.moment_end,
    "school_year": days.school_year,
    "minutes": quantities.minutes,
    "hours": quantities.hours,
    "hours_signed": quantities.hours_signed,
    "whole": quantities.whole,
}


@dataclass
class Reader:
    """Reads the cells of one file; `processes` grows with those the file itself brings."""

    known: Known
    pseudonyms: Pseudonyms
    processes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.processes = {**self.known.processes, **self.processes}
        self._by_name: dict[str, list[str]] = {}
        for school in self.known.schools.values():
            self._by_name.setdefault(school_name(school.name), []).append(school.number)

    def learn(self, processes: dict[str, str]) -> None:
        """Processes that the file itself brings."""
        self.processes = {**self.processes, **processes}

    def value(self, column: Column, cell: Cell, school: str | None) -> object:
        """The landing value. `school` is the row's school, where it is known: initials are its own."""
        if cell.look == "formula":
            raise UnreadableError(_NEVER_COMPUTED)
        if cell.look == "error":
            raise UnreadableError(_WRONG_RESULT)
        if read := _READ.get(column.kind):
            return read(cell)
        if column.kind == "staff":
            return self._staff(cell, school)
        named: dict[str, Callable[[Column, Cell], object]] = {
            "code": _code,
            "words": _words,
            "milestone": lambda _, cell: _open_code(cell.text, milestones()),
            "truth": _truth,
            "rating": _rating,
            "school": self._school,
            "school_or_all": self._school,
            "county": self._county,
            "process": self._process,
        }
        return named.get(column.kind, _text)(column, cell)

    def _school(self, column: Column, cell: Cell) -> str:
        text = cell.text.strip()
        if column.kind == "school_or_all" and plain(text) in (
            "alle",
            plain(ALL_SCHOOLS_LABEL),
            "",
            "hele fylket",
        ):
            return ALL_SCHOOLS
        found = re.match(r"^(\d{4,9})(\D|$)", text)
        if found:
            return self._with_zeros(found[1])
        name = school_name(text)
        numbers = self._by_name.get(name) or [
            number
            for known, numbers in self._by_name.items()
            if known.startswith(f"{name} ")
            for number in numbers
        ]
        if len(numbers) == 1:
            return numbers[0]
        if numbers:
            raise UnreadableError(
                f"Flere skoler heter det. Skriv skolenummeret: {listed(sorted(numbers)[:_SHOWN])}"
            )
        near = closest(name, self._by_name)
        meant = f" Mente du {self._shown(self._by_name[near][0])}?" if near else ""
        raise UnreadableError(f"Skolen er ikke kjent. Velg fra listen eller skriv skolenummeret.{meant}")

    def _with_zeros(self, number: str) -> str:
        """A spreadsheet drops zeros before a number."""
        if number in self.known.schools:
            return number
        return next(
            (known for known in self.known.schools if known.lstrip("0") == number.lstrip("0")), number
        )

    def _shown(self, number: str) -> str:
        return f"{number} {self.known.schools[number].name}"

    def _county(self, _: Column, cell: Cell) -> str:
        text = plain(cell.text)
        if found := re.match(r"^(\d{1,2})(\D|$)", text):
            return found[1].zfill(2)
        bare = text.removesuffix(" fylkeskommune").removesuffix(" fylke")
        numbers = [number for number, name, _ in county_names() if bare == plain(name).removesuffix(" fylke")]
        landed = [number for number in numbers if number in self.known.counties()]
        for found_numbers in (landed, numbers):
            if len(found_numbers) == 1:
                return found_numbers[0]
        if numbers:
            shown = [
                f"{number} (til {last})" if last else number
                for number, _, last in county_names()
                if number in numbers
            ]
            raise UnreadableError(f"Fylket har hatt flere nummer. Skriv {listed(shown)}")
        raise UnreadableError("Skriv fylkesnummeret med to siffer, for eksempel 32")

    def _process(self, _: Column, cell: Cell) -> str:
        text = cell.text.strip()
        codes = {plain(code): code for code in self.processes}
        names = {plain(name): code for code, name in self.processes.items()}
        first = plain(re.split(r"\s", text, maxsplit=1)[0]) if text else ""
        for meant in (codes.get(plain(text)), names.get(plain(text)), codes.get(first)):
            if meant:
                return meant
        if re.fullmatch(r"[A-ZÆØÅ0-9][A-ZÆØÅ0-9_-]{1,30}", text):
            # A code in the register's form that is not there yet: the row waits until it is.
            return text
        near = closest(text, [*names, *codes])
        code = names.get(near or "") or codes.get(near or "")
        meant = f" Mente du {code} {self.processes[code]}?" if code else ""
        raise UnreadableError(
            f"Prosessen finnes ikke i registeret. Velg fra listen eller skriv koden.{meant}"
        )

    def _staff(self, cell: Cell, school: str | None) -> str:
        """The pseudonym of an employee number, or of initials as they are used at one school."""
        text = "".join(cell.text.split())
        if re.fullmatch(r"\d{2,11}", text):
            return self.pseudonyms.staff(identifier("ansattnummer", text))
        letters = text.replace(".", "").casefold()
        if not letters.isalnum() or len(letters) > _LONGEST_INITIALS or " " in cell.text.strip():
            raise UnreadableError("Skriv ansattnummer eller initialer, ikke navn")
        if school is None:
            raise UnreadableError(
                "Initialer kan bare leses sammen med skolen. Rett skolen, eller skriv ansattnummeret"
            )
        return self.pseudonyms.staff(identifier("initialer", f"{school}:{letters}"))


def _code(column: Column, cell: Cell) -> str:
    codes = _codes(column)
    found = _meaning(cell.text, codes)
    if found is None:
        near = closest(cell.text, _every_word(codes))
        meant = f". Mente du {codes.label(_every_word(codes)[near])}?" if near else ""
        raise UnreadableError(f"Velg {listed(codes.labels())}{meant}")
    return found


def _words(column: Column, cell: Cell) -> str:
    text = _text(column, cell)
    whole = _meaning(text, _codes(column))
    if whole or not column.several:
        return whole or text
    return ";".join(_open_code(part, _codes(column)) for part in _SEVERAL.split(text) if part)


def _open_code(text: str, codes: CodeList) -> str:
    return _meaning(text, codes) or " ".join(text.split())


def _codes(column: Column) -> CodeList:
    return code_lists()[column.codes or ""]


def _meaning(text: str, codes: CodeList) -> str | None:
    return _every_word(codes).get(plain(text))


def _every_word(codes: CodeList) -> dict[str, str]:
    return {plain(word): code for code, words in codes.words.items() for word in (code, *words)}


def _truth(_: Column, cell: Cell) -> bool:
    found = _TRUTH.get(cell.text.strip().casefold())
    if found is None:
        raise UnreadableError("Skriv Ja eller Nei")
    return found


def _rating(_: Column, cell: Cell) -> int:
    found = quantities.whole(cell)
    if not 1 <= found <= 5:
        raise UnreadableError("Skriv et helt tall fra 1 til 5")
    return found


def _text(column: Column, cell: Cell) -> str:
    if cell.look in ("date", "time", "percent"):
        raise UnreadableError(
            "Excel har gjort teksten om til en dato eller et tall. Sett en apostrof foran: '2-1"
        )
    text = " ".join(cell.text.split())
    if len(text) > TEXT_LENGTH:
        raise UnreadableError(f"Teksten er for lang. Skriv under {TEXT_LENGTH} tegn")
    if column.kind == "code_name" and " " in text:
        raise UnreadableError("Skriv en kort kode uten mellomrom, for eksempel WARN-SEND")
    return text
