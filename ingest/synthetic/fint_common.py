"""What FINT serves once for the whole county: code lists, programme areas and subjects."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.synthetic.feed import Feed
from ingest.synthetic.hal import KODEVERK, PROGRAM, TIMEPLAN, entry, link
from ingest.synthetic.programme import FAMILIES, Curriculum

ABSENCE_TYPES = {"X": "1", "D": "2", "M": "3", "R": "4", "!": "5", "§": "6"}
_ABSENCE_NAMES = {
    "X": "Udokumentert fravær",
    "D": "Dokumentert fravær",
    "M": "Forsentkomming",
    "R": "Rettighetsfravær",
    "!": "Annen opplæring",
    "§": "Fratrekk",
}
_CATEGORIES = {
    "heltid": "Heltid",
    "deltid": "Deltid",
    "voksen": "Voksen",
    "privatist": "Privatist",
    "utland": "Norsk elev i utlandet",
}
_OWNERS = {"1": "Fylke", "2": "Stat", "3": "Kommune", "4": "Privat"}


def common(feed: Feed, curriculum: Curriculum, years: Sequence[str]) -> None:
    """Code lists, programme areas and subjects: the same for every school."""
    for code, name in _CATEGORIES.items():
        _code(feed, "elevkategori", code, name)
    for code, number in ABSENCE_TYPES.items():
        _code(feed, "fravarstype", code, _ABSENCE_NAMES[code], system_id=number)
    for code, name in (("E", "Elev"), ("F", "Fritatt")):
        _code(feed, "fagstatus", code, name)
    for code, name in _OWNERS.items():
        _code(feed, "skoleeiertype", code, name)
    for year in years:
        start = int(year[:4])
        period = {"slutt": f"{start + 1}-07-31T00:00:00Z", "start": f"{start}-08-01T00:00:00Z"}
        code = f"{start}{start + 1}"
        _code(feed, "skolear", code, code, system_id=year[2:], gyldighetsperiode=period)
    for level in ("Vg1", "Vg2", "Vg3"):
        text = entry(f"{PROGRAM}.arstrinn", level.lower(), {}, navn=level, beskrivelse=level)
        feed.add(f"{PROGRAM}/arstrinn.json", text)
    for area in sorted({area for levels in FAMILIES.values() for areas in levels for area in areas}):
        links = {
            "grepreferanse": [f"https://psi.udir.no/kl06/{area}"],
            "trinn": [link(f"{PROGRAM}.arstrinn", f"vg{area[5]}")],
        }
        feed.add(
            f"{PROGRAM}/programomrade.json",
            entry(f"{PROGRAM}.programomrade", f"PO_{area}", links, navn=area, beskrivelse=area),
        )
    for subject in curriculum.subjects.values():
        links = {"grepreferanse": [f"https://psi.udir.no/kl06/{subject.code}"]}
        text = entry(
            f"{TIMEPLAN}.fag", f"FA_{subject.code}", links, navn=subject.name, beskrivelse=subject.name
        )
        feed.add(f"{TIMEPLAN}/fag.json", text)


def _code(feed: Feed, name: str, code: str, text: str, *, system_id: str = "", **more: object) -> None:
    added = entry(f"{KODEVERK}.{name}", system_id or code, {}, kode=code, navn=text, **more)
    feed.add(f"{KODEVERK}/{name}.json", added)
