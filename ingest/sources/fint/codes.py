"""What FINT's codes mean in the landing contract."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ingest.contract.absence import ABSENCE_CODES
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.links import hrefs, parse
from ingest.sources.fint.relations import Index, Relation

# Owners by the code list's names and the numbers it is published with. A municipality that runs an
# upper-secondary school is the county too (Oslo).
OWNERS = {
    "1": "county",
    "fylke": "county",
    "fylkeskommune": "county",
    "fylkeskommunal": "county",
    "3": "county",
    "kommune": "county",
    "kommunal": "county",
    "2": "state",
    "stat": "state",
    "statlig": "state",
    "4": "private",
    "privat": "private",
}
# A pupil from abroad who goes to school here is taught like the others; a Norwegian abroad is not here.
CATEGORIES = {
    "heltid": "full_time",
    "heltidselev": "full_time",
    "deltid": "part_time",
    "deltidselev": "part_time",
    "voksen": "adult",
    "privatist": "private_candidate",
    "norsk-utv-i-utlandet": "abroad",
    "utland": "abroad",
    "utlandet": "abroad",
    "utenlandsk-utv-i-norge": "full_time",
}
ABSENCE_NAMES = {code.casefold(): code for code in ABSENCE_CODES}
REFERENCES = ("grepreferanse", "vigoreferanse")
SUBJECT_CODE = re.compile(r"[A-ZÆØÅ]{3,4}[0-9A-ZÆØÅ]{3,5}")
_PROGRAMME_AREA = re.compile(r"[A-ZÆØÅ]{2,5}[0-9A-ZÆØÅ]*\d[0-9A-ZÆØÅ]*-*")
_PROGRAMME_AREA_LENGTH = 10
_LEVEL_DIGIT = 5
_LEVEL = re.compile(r"\bvg\s*-?([1-4])\b", re.IGNORECASE)


class Code(NamedTuple):
    """A code list's entry (kodeverk)."""

    system_id: str | None
    code: str | None
    name: str | None
    start: str | None
    end: str | None


class CodeList:
    """One of FINT's code lists; a link outside the delivery may still carry the code itself."""

    def __init__(self, dump: Dump, resource: str) -> None:
        self.index: Index[Code] = Index(resource)
        self.entries: list[Code] = []
        columns = ("systemId", "kode", "navn", "gyldighetsperiode.start", "gyldighetsperiode.slutt")
        for batch in dump.batches(resource, resource, columns[1:]):
            found = [Code(*values) for values in zip(*map(batch.values, columns), strict=True)]
            self.index.add(batch, found)
            self.entries += found

    def words(self, href: str) -> list[str]:
        """Everything the code is called, the code itself first."""
        entry = self.index.find(href)
        named = [entry.code, entry.system_id, entry.name] if entry else [parse(href).value]
        return [word.strip() for word in named if word and word.strip()]

    def translated(self, href: str, meanings: dict[str, str]) -> str | None:
        """The first of the code's words with a known meaning."""
        return next(
            (meanings[word.casefold()] for word in self.words(href) if word.casefold() in meanings), None
        )


class Meaning(Relation[str]):
    """A relation to a code list, as what the code means; without meanings the code itself."""

    def __init__(
        self, dump: Dump, resource: str, name: str, codes: CodeList, meanings: dict[str, str] | None = None
    ) -> None:
        self._codes = codes
        self._meanings = meanings
        super().__init__(dump, resource, name, Index(codes.index.resource))

    def lookup(self, href: str) -> str | None:
        if self._meanings is not None:
            return self._codes.translated(href, self._meanings)
        return next(iter(self._codes.words(href)), None)


class Named(NamedTuple):
    """What names a subject or a programme area."""

    system_id: str
    name: str
    grep: list[str]
    vigo: list[str]


def named(batch: Batch) -> list[Named]:
    grep, vigo = map(batch.links, REFERENCES)
    return [
        Named(system_id or "", name or "", hrefs(one), hrefs(other))
        for system_id, name, one, other in zip(batch.ids, batch.values("navn"), grep, vigo, strict=True)
    ]


def must_be_one_of(meanings: Iterable[str]) -> str:
    return "is one of " + ", ".join(meanings)


def subject_code(group: Named) -> str:
    """Grep's or VIGO's code, else a name or id that looks like one, else the name."""
    for reference in (group.grep, group.vigo):
        if reference and (code := parse(reference[0]).value.strip()):
            return code
    for text in (group.name, group.system_id):
        if SUBJECT_CODE.fullmatch(text.strip()):
            return text.strip()
    return group.name.strip() or group.system_id.strip()


def programme_area_code(group: Named) -> str:
    """VIGO's or Grep's code, else the id, padded as `STUSP1----`."""
    found = [parse(reference[0]).value for reference in (group.vigo, group.grep) if reference]
    texts = [text.strip() for text in (*found, group.system_id)]
    code = next((text for text in texts if _PROGRAMME_AREA.fullmatch(text)), texts[0])
    return code.ljust(_PROGRAMME_AREA_LENGTH, "-") if _PROGRAMME_AREA.fullmatch(code) else code


def level_of_text(texts: Iterable[str]) -> str | None:
    """`Vg1` from whatever names the level."""
    found = next((match for text in texts if (match := _LEVEL.search(text.replace("_", " ")))), None)
    return f"Vg{found[1]}" if found else None


def level_of_programme_area(code: str | None) -> str | None:
    """The sixth character of the code is the level."""
    if code is None or len(code) <= _LEVEL_DIGIT or code[_LEVEL_DIGIT] not in "1234":
        return None
    return f"Vg{code[_LEVEL_DIGIT]}"
