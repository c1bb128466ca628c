"""Numbers and durations as people write them. What could mean two things is asked about, never guessed."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from ingest.sources.workbook.grid import Cell

_ABOUT = re.compile(r"^(ca\.?|cirka|circa|omtrent|rundt|om lag|omlag|~|≈)\s*")
_SPAN = re.compile(r"\d\s*\w*\.?\s*(-|–|—|/|\btil\b|\beller\b)\s*\d")
_BOUND = re.compile(r"^(<|>|≤|≥|under|over|minst|maks\w*|inntil|mindre|mer|opptil|opp til|nesten)")
_NUMBER = r"\d+(?:[.,]\d+)?(?![\d.,]\d)(?!\d)"
_DURATION = re.compile(
    rf"^(?:(?P<hours>{_NUMBER})\s*(?:timer|timar|time|tim|t|hours|hour|h)\.?\s*(?:og\s*|,\s*)?)?"
    rf"(?:(?P<minutes>{_NUMBER})\s*(?P<unit>minutter|minuttar|minutt|min|m)?\.?\s*(?:og\s*|,\s*)?)?"
    rf"(?:(?P<seconds>{_NUMBER})\s*(?:sekunder|sekund|sek|s)\.?)?$"
)
_CLOCK = re.compile(r"^(\d{1,3}):([0-5]\d)(?::([0-5]\d))?$")
_IN_WORDS = {
    "et kvarter": "15 min",
    "kvarter": "15 min",
    "en halvtime": "30 min",
    "en halv time": "30 min",
    "halv time": "30 min",
    "halvtime": "30 min",
    "en time": "1 t",
    "et minutt": "1 min",
    "ett minutt": "1 min",
}
_COUNTED = re.compile(r"^([-+]?[\d ., ]*\d)\s*(?:stk|saker|sak|stykk|stykker)?\.?$")
_GROUPED = re.compile(r"^\d{1,3}([. ]\d{3})+$")
# A clock time beyond a working day is as likely minutes and seconds.
_LONGEST_BY_CLOCK = 8 * 60
MINUTES_ADVICE = "Skriv tiden i minutter, for eksempel 15, eller som 1 time 20 min"
HOURS_ADVICE = "Skriv antall timer som et tall, for eksempel 37,5"
ONE_NUMBER = "Skriv ett tall, for eksempel gjennomsnittet. Et spenn som 15–20 kan ikke leses"
WHOLE_ADVICE = "Skriv et helt tall, for eksempel 12"


class UnreadableError(Exception):
    """A cell that says nothing certain; the message says what to write instead."""


_MOST = 1_000_000


def minutes(cell: Cell) -> Decimal:
    """A duration in minutes; a bare number is minutes."""
    return _duration(cell, bare="minutes", advice=MINUTES_ADVICE)


def hours(cell: Cell) -> Decimal:
    """A duration in hours; a bare number is hours."""
    return _duration(cell, bare="hours", advice=HOURS_ADVICE)


def hours_signed(cell: Cell) -> Decimal:
    """Hours that may be negative."""
    text = _tidy(cell.text)
    if cell.look == "text" and text[:1] in ("-", "−", "–"):
        return -hours(Cell(text[1:].strip()))
    if cell.look == "number" and cell.number < 0:
        return -hours(Cell(cell.text.lstrip("-"), "number", -cell.number))
    return hours(cell)


def whole(cell: Cell) -> int:
    """A count."""
    if cell.look in ("date", "time", "percent", "truth"):
        raise UnreadableError(WHOLE_ADVICE)
    if cell.look == "number":
        if not cell.number.is_integer() or abs(cell.number) >= 1e15:
            raise UnreadableError(WHOLE_ADVICE)
        return int(cell.number)
    text = _without_about(_tidy(cell.text))
    _refuse_spans(text)
    found = _COUNTED.match(text)
    if found is None:
        raise UnreadableError(WHOLE_ADVICE)
    packed = re.sub(r"\s", "", found[1])
    sign, digits = ("-", packed[1:]) if packed[:1] == "-" else ("", packed.lstrip("+"))
    if _GROUPED.match(digits.replace(".", " ")):
        digits = digits.replace(".", "")
    digits = re.sub(r"[.,]0+$", "", digits)
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 15:
        raise UnreadableError(WHOLE_ADVICE)
    return int(sign + digits)


def _duration(cell: Cell, *, bare: str, advice: str) -> Decimal:
    by_minutes = bare == "minutes"
    if cell.look == "time":
        found = _by_clock(Decimal(repr(cell.number)) * 1440, by_minutes)
    elif cell.look == "number":
        found = Decimal(cell.text) * (1 if by_minutes else 60)
    elif cell.look == "text":
        found = _written(_tidy(cell.text), by_minutes, advice)
    elif cell.look == "percent":
        raise UnreadableError(f"{advice}, ikke prosent")
    else:
        raise UnreadableError(advice)
    if not 0 <= found <= _MOST * 60:
        raise UnreadableError(advice)
    exact = found if by_minutes else found / 60
    return exact.quantize(Decimal("0.0001"))


def _written(text: str, by_minutes: bool, advice: str) -> Decimal:
    """Minutes out of a text."""
    text = _without_about(text)
    text = _IN_WORDS.get(text, text)
    if clock := _CLOCK.match(text):
        seconds = Decimal(clock[3] or 0) / 60
        return _by_clock(Decimal(clock[1]) * 60 + Decimal(clock[2]) + seconds, by_minutes)
    if "%" in text:
        raise UnreadableError(f"{advice}, ikke prosent")
    _refuse_spans(text)
    packed = re.sub(r"(?<=\d) (?=\d{3}(\D|$))", "", text)
    found = _DURATION.match(packed)
    if not found or not any(found.group("hours", "minutes", "seconds")):
        raise UnreadableError(advice)
    if found["hours"] is None and found["minutes"] and not found["unit"] and found["seconds"] is None:
        return _number(found["minutes"], advice) * (1 if by_minutes else 60)
    return (
        _number(found["hours"], advice) * 60
        + _number(found["minutes"], advice)
        + _number(found["seconds"], advice) / 60
    )


def _by_clock(found: Decimal, by_minutes: bool) -> Decimal:
    if by_minutes and found > _LONGEST_BY_CLOCK:
        raise UnreadableError(f"{MINUTES_ADVICE}. 15:00 kan bety både minutter og timer")
    return found


def _number(text: str | None, advice: str) -> Decimal:
    if text is None:
        return Decimal(0)
    if re.fullmatch(r"\d{1,3}\.\d{3}", text):
        raise UnreadableError(f"{advice}. Punktum foran tre siffer kan bety både tusen og desimaler")
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise UnreadableError(advice) from None
    if found > _MOST:
        raise UnreadableError(advice)
    return found


def _refuse_spans(text: str) -> None:
    if _SPAN.search(text) or _BOUND.match(text):
        raise UnreadableError(ONE_NUMBER)


def _without_about(text: str) -> str:
    return _ABOUT.sub("", text)


def _tidy(text: str) -> str:
    folded = re.sub(r"[\s\u00a0\u202f]+", " ", text).strip().casefold()
    return re.sub(r"(\d) ?½", r"\1,5", folded).replace("½", "0,5")
