"""What is wrong, told by workbook, sheet and cell; what stood there only where it cannot be personal."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from ingest.privacy import masked
from ingest.sources.workbook.forms import Column, code_lists, milestones
from ingest.sources.workbook.grid import Cell, column_letter

HIDDEN = "***"
_SHOWN_FAULTS = 100
_LONGEST_SHOWN = 60
# Words that say nothing of a person: units, months and what the forms' own lists say.
_COMMON = [
    "ca",
    "cirka",
    "circa",
    "omtrent",
    "rundt",
    "om",
    "lag",
    "til",
    "eller",
    "og",
    "under",
    "over",
    "minst",
    "maks",
    "time",
    "timer",
    "t",
    "min",
    "minutt",
    "minutter",
    "m",
    "s",
    "sek",
    "sekund",
    "sekunder",
    "stk",
    "saker",
    "sak",
    "halv",
    "halvtime",
    "kvarter",
    "en",
    "et",
    "ett",
    "ja",
    "nei",
    "kl",
    "uke",
    "uker",
    "dag",
    "dager",
    "mnd",
    "måned",
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "okt",
    "nov",
    "des",
    "mandag",
    "tirsdag",
    "onsdag",
    "torsdag",
    "fredag",
    "lørdag",
    "søndag",
    "vet",
    "ikke",
    "ukjent",
    "ingen",
    "vgs",
    "skole",
]
_WORD = re.compile(r"[^\W\d_]+")


@dataclass
class Faults:
    """The faults of one file, in the order of its cells."""

    told: list[str] = field(default_factory=list)

    def at(self, sheet: str, place: int, row: int, advice: str) -> None:
        self.told.append(f"{sheet}!{column_letter(place)}{row}: {advice}.".replace("?.", "?"))

    def lines(self) -> list[str]:
        rest = len(self.told) - _SHOWN_FAULTS
        return self.told[:_SHOWN_FAULTS] + ([f"… og {rest} til."] if rest > 0 else [])


def shown(column: Column, cell: Cell | None) -> str | None:
    """What stood in a cell, for quarantine: words that might name somebody as dots."""
    if cell is None:
        return None
    if column.kind in ("staff", "text"):
        return HIDDEN
    text = _WORD.sub(lambda found: found[0] if found[0].casefold() in _harmless() else "…", cell.text)
    return masked(text[:_LONGEST_SHOWN])


@cache
def _harmless() -> frozenset[str]:
    lists = [*code_lists().values(), milestones()]
    words = [word for codes in lists for texts in codes.words.values() for word in texts]
    return frozenset(found.casefold() for text in [*words, *_COMMON] for found in _WORD.findall(text))
