"""A good FINT dump: two schools, six students, and every resource that makes a landing table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.corpus.good import SCHOOLS, STUDENTS, group_of, school_of

Entry = dict[str, Any]
PACKAGES = {
    "utdanning.utdanningsprogram": ("skole", "programomrade", "programomrademedlemskap"),
    "utdanning.elev": (
        *(
            "elev",
            "elevforhold",
            "klasse",
            "klassemedlemskap",
            "skoleressurs",
            "undervisningsforhold",
            "varsel",
        ),
        "person",
    ),
    "utdanning.timeplan": (
        *("fag", "faggruppe", "faggruppemedlemskap", "undervisningsgruppe", "undervisningsgruppemedlemskap"),
        *("time", "eksamen"),
    ),
    "utdanning.vurdering": (
        *("elevfravar", "fravarsregistrering", "aktivitetsfravar", "fravarsoversikt"),
        *("eksamensgruppe", "eksamensgruppemedlemskap"),
    ),
    "utdanning.kodeverk": ("skolear", "elevkategori", "fagstatus", "fravarstype"),
}
PACKAGE_OF = {resource: package for package, names in PACKAGES.items() for resource in names}


def file_of(resource: str) -> str:
    return f"{PACKAGE_OF[resource]}/{resource}.json"


def link(resource: str, value: str, field: str = "systemid") -> Entry:
    return {"href": f"${{{PACKAGE_OF[resource]}.{resource}}}/{field}/{value}"}


def entry(system_id: str, links: Mapping[str, list[Entry]] | None = None, **attributes: Any) -> Entry:
    return {"systemId": {"identifikatorverdi": system_id}, **attributes, "_links": dict(links or {})}


def number_of(student: int) -> str:
    """Eleven digits as an identity number is written; the control digits are wrong, so it is nobody's."""
    return f"0{student}810199{student}00"


def county() -> dict[str, list[Entry]]:
    year = {"start": "2025-07-31T22:00:00Z", "slutt": "2026-07-30T22:00:00Z"}
    enrolled = {"gyldighetsperiode": {"start": "2025-08-17T22:00:00Z"}}
    return {
        "skole": [
            entry(f"S{number}", navn=f"Ærfugl «{number}» vgs", skolenummer={"identifikatorverdi": number})
            for number in SCHOOLS
        ],
        "person": [
            {
                "fodselsnummer": {"identifikatorverdi": number_of(n)},
                "navn": {"fornavn": "Kari", "etternavn": "Oppdiktet"},
            }
            for n in STUDENTS
        ],
        "elev": [
            entry(
                f"EL{n}",
                {"person": [link("person", number_of(n), "fodselsnummer")]},
                elevnummer={"identifikatorverdi": f"50000{n}"},
            )
            for n in STUDENTS
        ],
        "skolear": [entry("25-26", kode="20252026", navn="2025-2026", gyldighetsperiode=year)],
        "elevkategori": [entry("heltid", kode="heltid", navn="Heltid")],
        "elevforhold": [
            entry(
                f"EF{n}",
                {
                    "elev": [link("elev", f"EL{n}")],
                    "skole": [link("skole", school_of(n), "skolenummer")],
                    "skolear": [link("skolear", "25-26")],
                    "kategori": [link("elevkategori", "heltid")],
                },
                gyldighetsperiode=year,
                hovedskole=True,
                beskrivelse="Går i «andre» år på høyt nivå",
            )
            for n in STUDENTS
        ],
        "programomrade": [entry("STUSP1----", navn="Studiespesialisering")],
        "programomrademedlemskap": [
            entry(
                f"PM{n}",
                {
                    "elevforhold": [link("elevforhold", f"EF{n}")],
                    "programomrade": [link("programomrade", "STUSP1----")],
                },
            )
            for n in STUDENTS
        ],
        "klasse": [entry("K1", navn="1STA")],
        "klassemedlemskap": [
            entry(
                f"KM{n}", {"elevforhold": [link("elevforhold", f"EF{n}")], "klasse": [link("klasse", "K1")]}
            )
            for n in STUDENTS
        ],
        "fag": [entry("NOR1260", navn="NOR1260", beskrivelse="Norsk på «høyt» nivå, æøå")],
        "faggruppe": [entry("FG1", {"fag": [link("fag", "NOR1260")]}, navn="Norsk Vg1")],
        "fagstatus": [entry("fs-e", kode="E", navn="Elev")],
        "faggruppemedlemskap": [
            entry(
                f"FM{n}",
                {
                    "elevforhold": [link("elevforhold", f"EF{n}")],
                    "faggruppe": [link("faggruppe", "FG1")],
                    "fagstatus": [link("fagstatus", "fs-e")],
                },
                **enrolled,
            )
            for n in STUDENTS
        ],
        "undervisningsgruppe": [
            entry(
                f"g{number}",
                {
                    "skole": [link("skole", f"S{number}")],
                    "fag": [link("fag", "NOR1260")],
                    "skolear": [link("skolear", "25-26")],
                },
                navn="1STA norsk på høyt nivå",
            )
            for number in SCHOOLS
        ],
        "undervisningsgruppemedlemskap": [
            entry(
                f"UM{n}",
                {
                    "elevforhold": [link("elevforhold", f"EF{n}")],
                    "undervisningsgruppe": [link("undervisningsgruppe", group_of(n))],
                },
                **enrolled,
            )
            for n in STUDENTS
        ],
        "skoleressurs": [entry("SR1", {"person": [link("person", number_of(1), "fodselsnummer")]})],
        "undervisningsforhold": [entry("UF1", {"skoleressurs": [link("skoleressurs", "SR1")]})],
        "time": [
            entry(
                f"T{n}",
                {
                    "undervisningsgruppe": [link("undervisningsgruppe", group_of(n))],
                    "undervisningsforhold": [link("undervisningsforhold", "UF1")],
                },
                navn="Norsk",
                tidsrom={"start": f"2026-01-{n + 10}T08:00:00Z", "slutt": f"2026-01-{n + 10}T09:00:00Z"},
            )
            for n in STUDENTS
        ],
        "fravarstype": [entry("ft-x", kode="X", navn="Udokumentert")],
        "elevfravar": [entry(f"FR{n}", {"elevforhold": [link("elevforhold", f"EF{n}")]}) for n in STUDENTS],
        "fravarsregistrering": [
            entry(
                f"A{n}",
                _absence(n),
                periode={"start": f"2026-01-{n + 10}T08:00:00Z", "slutt": f"2026-01-{n + 10}T08:30:00Z"},
                foresPaVitnemal=True,
                kommentar="Forsov seg på «bussen», æøå",
            )
            for n in STUDENTS
        ],
        "aktivitetsfravar": [
            entry(f"AF{n}", _absence(n), dato=f"2026-02-{n + 10}", minutter=30) for n in STUDENTS
        ],
        "fravarsoversikt": [
            entry(
                f"O{n}",
                {"elevforhold": [link("elevforhold", f"EF{n}")], "fag": [link("fag", "NOR1260")]},
                skolear={"fravarstimer": 8, "prosent": 7.5, "undervisningstimer": 113},
            )
            for n in STUDENTS
        ],
        "varsel": [
            entry(
                f"V{n}",
                {"faggruppemedlemskap": [link("faggruppemedlemskap", f"FM{n}")]},
                sendt="2026-01-15T12:30:00Z",
                fravarsprosent=8,
            )
            for n in STUDENTS
        ],
        "eksamen": [
            entry(
                "X1", navn="Norsk", tidsrom={"start": "2026-05-20T07:00:00Z", "slutt": "2026-05-20T12:00:00Z"}
            )
        ],
        "eksamensgruppe": [
            entry(
                "EG1", {"eksamen": [link("eksamen", "X1")], "fag": [link("fag", "NOR1260")]}, navn="NOR1260"
            )
        ],
        "eksamensgruppemedlemskap": [
            entry(
                f"EM{n}",
                {
                    "elevforhold": [link("elevforhold", f"EF{n}")],
                    "eksamensgruppe": [link("eksamensgruppe", "EG1")],
                },
            )
            for n in STUDENTS
        ],
    }


def _absence(student: int) -> dict[str, list[Entry]]:
    return {
        "elevfravar": [link("elevfravar", f"FR{student}")],
        "undervisningsgruppe": [link("undervisningsgruppe", group_of(student))],
        "fag": [link("fag", "NOR1260")],
        "fravarstype": [link("fravarstype", "ft-x")],
    }


def page(entries: list[Entry]) -> Entry:
    return {"_embedded": {"_entries": entries}, "total_items": len(entries)}


def write(folder: Path) -> None:
    for resource, entries in county().items():
        file = folder / file_of(resource)
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(page(entries), ensure_ascii=False), encoding="utf-8")
