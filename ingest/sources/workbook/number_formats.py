"""How a workbook shows a number: as a plain number, a date, a time of day or a percentage."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.sources.workbook.grid import Look
from ingest.sources.workbook.xml_events import Event

_BUILT_IN: dict[int, Look] = {
    9: "percent",
    10: "percent",
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)), "date"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), "time"),
}
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_PASSED_OVER = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def look_of(code: str) -> Look:
    """What a format of the workbook's own makes of a number."""
    first = code.split(";", maxsplit=1)[0]
    if _ELAPSED.search(first):
        return "time"
    plain = _PASSED_OVER.sub("", first).casefold()
    if "%" in plain:
        return "percent"
    if "general" in plain or "standard" in plain:
        return "number"
    # Years and days are written å and d in Norwegian too; a month alone is m, as a minute is.
    if re.search(r"[yåd]", plain):
        return "date"
    if re.search(r"[hts]", plain):
        return "time"
    return "date" if "m" in plain else "number"


def looks(styles: Iterable[Event]) -> list[Look]:
    """The look of each cell style, in the order cells count them."""
    own: dict[int, Look] = {}
    found: list[Look] = []
    in_cell_styles = False
    for event in styles:
        if event.what == "start" and event.name == "numFmt":
            own[_number(event, "numFmtId")] = look_of(event.attributes.get("formatCode", ""))
        elif event.name == "cellXfs":
            in_cell_styles = event.what == "start"
        elif in_cell_styles and event.what == "start" and event.name == "xf":
            number = _number(event, "numFmtId")
            found.append(own.get(number) or _BUILT_IN.get(number, "number"))
    return found


def _number(event: Event, name: str) -> int:
    text = event.attributes.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() else 0
