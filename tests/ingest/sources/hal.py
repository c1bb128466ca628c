"""Writes small FINT dumps in the published HAL form, and looks for what must not leak."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ingest.delivery import Delivery
from ingest.identity import Pseudonyms

PSEUDONYMS = Pseudonyms(b"a key for tests, of no other use")
NUMBER = "14029923273"
STAFF_NUMBER = "22057812345"
Entry = dict[str, Any]
DOMAINS = {
    "skole": "utdanning.utdanningsprogram",
    "programomrade": "utdanning.utdanningsprogram",
    "programomrademedlemskap": "utdanning.utdanningsprogram",
    "elev": "utdanning.elev",
    "elevforhold": "utdanning.elev",
    "klasse": "utdanning.elev",
    "klassemedlemskap": "utdanning.elev",
    "skoleressurs": "utdanning.elev",
    "undervisningsforhold": "utdanning.elev",
    "varsel": "utdanning.elev",
    "person": "felles",
    "personalressurs": "administrasjon.personal",
    "skolear": "utdanning.kodeverk",
    "elevkategori": "utdanning.kodeverk",
    "skoleeiertype": "utdanning.kodeverk",
    "fagstatus": "utdanning.kodeverk",
    "fravarstype": "utdanning.kodeverk",
    "termin": "utdanning.kodeverk",
}


def domain(resource: str) -> str:
    return DOMAINS.get(resource) or (
        "utdanning.vurdering"
        if "fravar" in resource or "eksamensgruppe" in resource
        else "utdanning.timeplan"
    )


def link(resource: str, field: str, value: str) -> str:
    return f"${{{domain(resource)}.{resource}}}/{field}/{value}"


def identifier(value: str) -> Entry:
    return {"identifikatorverdi": value}


def period(start: str, end: str | None = None) -> Entry:
    return {"start": start, **({"slutt": end} if end else {})}


def entry(system_id: str, links: Mapping[str, str | list[str]] | None = None, **attributes: Any) -> Entry:
    """An entry with a systemId; a link is a resource's systemid, or a whole address."""
    relations = {
        name: [{"href": href if "/" in href else link(name, "systemid", href)} for href in _listed(hrefs)]
        for name, hrefs in (links or {}).items()
    }
    return {"systemId": identifier(system_id), **attributes, "_links": relations}


def _listed(hrefs: str | list[str]) -> list[str]:
    return [hrefs] if isinstance(hrefs, str) else hrefs


def write_dump(folder: Path, resources: Mapping[str, Iterable[Entry]], **manifest: Any) -> Path:
    """The resources as one file each; a full dump says how many entries there are."""
    stated = {"extracted_at": "2026-03-02T05:00:00+01:00", "county_number": "99", **manifest}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "delivery.json").write_text(json.dumps(stated))
    for resource, entries in resources.items():
        listed = list(entries)
        page = {"_embedded": {"_entries": listed}, "total_items": len(listed)}
        file = folder / domain(resource) / f"{resource}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    return folder


def small_county() -> dict[str, list[Entry]]:
    """One school, student, teacher, subject, group, lesson and registration, linked as FINT links them."""
    year = period("2025-07-31T22:00:00Z", "2026-07-30T22:00:00Z")
    return {
        "skole": [
            entry(
                "S1",
                navn="Prøve vgs",
                skolenummer=identifier("1579"),
                organisasjonsnummer=identifier("970123458"),
            )
        ],
        "person": [
            {"fodselsnummer": identifier(NUMBER), "navn": {"fornavn": "Kari", "etternavn": "Prøve"}},
            {"fodselsnummer": identifier(STAFF_NUMBER), "navn": {"fornavn": "Ola", "etternavn": "Lærer"}},
        ],
        "elev": [
            entry(
                "EL1",
                {"person": link("person", "fodselsnummer", NUMBER)},
                elevnummer=identifier("500001"),
                brukernavn=identifier("Yougung"),
                feidenavn=identifier("anna.mørk@prøve.no"),
            )
        ],
        "skolear": [entry("25-26", kode="20252026", navn="2025-2026", gyldighetsperiode=year)],
        "elevkategori": [entry("heltid", kode="heltid", navn="Heltid")],
        "elevforhold": [
            entry(
                "EF1",
                {
                    "elev": "EL1",
                    "skole": "S1",
                    "skolear": "25-26",
                    "kategori": link("elevkategori", "systemid", "heltid"),
                },
                gyldighetsperiode=year,
                hovedskole=True,
                beskrivelse="",
            )
        ],
        "programomrade": [
            entry(
                "PO1", {"grepreferanse": "https://psi.udir.no/kl06/STUSP1----"}, navn="Studiespesialisering"
            )
        ],
        "programomrademedlemskap": [entry("PM1", {"elevforhold": "EF1", "programomrade": "PO1"})],
        "klasse": [
            entry("K1", {"trinn": "${utdanning.utdanningsprogram.arstrinn}/systemid/vg1"}, navn="1STA")
        ],
        "klassemedlemskap": [entry("KM1", {"elevforhold": "EF1", "klasse": "K1"})],
        "fag": [entry("F1", {"grepreferanse": "https://psi.udir.no/kl06/NOR1260"}, navn="Norsk")],
        "faggruppe": [entry("FG1", {"fag": "F1"}, navn="Norsk Vg1")],
        "fagstatus": [entry("fs-e", kode="E", navn="Elev")],
        "faggruppemedlemskap": [
            entry("FM1", {"elevforhold": "EF1", "faggruppe": "FG1", "fagstatus": "fs-e"})
        ],
        "undervisningsgruppe": [
            entry("UG1", {"skole": "S1", "fag": "F1", "skolear": "25-26"}, navn="1STA NOR")
        ],
        "undervisningsgruppemedlemskap": [
            entry(
                "UM1",
                {"elevforhold": "EF1", "undervisningsgruppe": "UG1"},
                gyldighetsperiode=period("2025-08-17T22:00:00Z"),
            )
        ],
        "skoleressurs": [entry("SR1", {"person": link("person", "fodselsnummer", STAFF_NUMBER)})],
        "undervisningsforhold": [entry("UF1", {"skoleressurs": "SR1", "skole": "S1"})],
        "time": [
            entry(
                "T1",
                {"undervisningsgruppe": "UG1", "undervisningsforhold": "UF1"},
                navn="Norsk",
                tidsrom=period("2025-09-01T06:15:00Z", "2025-09-01T07:00:00Z"),
            )
        ],
        "fravarstype": [entry("ft-1", kode="X", navn="Udokumentert")],
        "elevfravar": [entry("FR1", {"elevforhold": "EF1"})],
        "fravarsregistrering": [
            entry(
                "A1",
                {"elevfravar": "FR1", "undervisningsgruppe": "UG1", "fravarstype": "ft-1", "fag": "F1"},
                periode=period("2025-09-01T06:15:00Z", "2025-09-01T07:00:00Z"),
                foresPaVitnemal=True,
            )
        ],
        "aktivitetsfravar": [
            entry(
                "A2",
                {"elevfravar": "FR1", "undervisningsgruppe": "UG1", "fravarstype": "ft-1", "fag": "F1"},
                dato="2025-09-02",
                minutter=30,
            )
        ],
        "fravarsoversikt": [
            entry(
                "O1",
                {"elevforhold": "EF1", "fag": "F1"},
                halvar={"fravarstimer": 4, "prosent": 7, "undervisningstimer": 56},
                skolear={"fravarstimer": 8, "prosent": 7, "undervisningstimer": 113},
            )
        ],
        "varsel": [
            entry(
                "V1", {"faggruppemedlemskap": "FM1"}, sendt="2026-01-15T23:30:00Z", fravarsprosent=8, tekst=""
            )
        ],
        "eksamen": [
            entry("X1", navn="Norsk", tidsrom=period("2026-05-20T07:00:00Z", "2026-05-20T12:00:00Z"))
        ],
        "eksamensgruppe": [entry("EG1", {"eksamen": "X1", "fag": "F1"}, navn="NOR1260")],
        "eksamensgruppemedlemskap": [entry("EM1", {"elevforhold": "EF1", "eksamensgruppe": "EG1"})],
    }


def everything_told(delivery: Delivery) -> str:
    """All that leaves a source except the persons for the identity store."""
    frames = [delivery.rows(table) for table in delivery.parts]
    rows = "\n".join(frame.drop(_keys(frame.columns)).write_csv() for frame in frames)
    return f"{rows}\n{delivery.rejections}\n{delivery.unread}\n{delivery.files}"


def _keys(columns: list[str]) -> list[str]:
    """Pseudonyms are hexadecimal and may hold eleven digits in a row by chance."""
    return [name for name in columns if name in ("student_key", "teacher_key")]


def identity_numbers(text: str) -> list[str]:
    return re.findall(r"(?<![0-9a-f])\d{6} ?\d{5}(?![0-9a-f])", text)
