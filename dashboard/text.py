"""Words, numbers and dates in the reader's language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from dashboard.access.suppression import Hidden, Reason
from ingest.local_time import OSLO

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
LOCALES = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
THIN_SPACE = "\u202f"
MINUS = "\u2212"
NOTHING = "\u2013"
REASON_SIGNS = {
    Reason.FEW: "\u2022\u2022",
    Reason.UNKNOWN: "?",
    Reason.NOT_APPLICABLE: NOTHING,
    Reason.NOT_YET: "\u2026",
    Reason.UNRELIABLE: "\u2248",
}


@cache
def phrases(language: str) -> Mapping[str, str]:
    """Every phrase of a language under its dotted key."""
    with (Path(__file__).parent / "locales" / f"{language}.toml").open("rb") as file:
        return dict(_flat("", tomllib.load(file)))


def _flat(prefix: str, tree: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        name = f"{prefix}{key}"
        found += _flat(f"{name}.", value) if isinstance(value, Mapping) else [(name, str(value))]
    return found


LEAST = 0.1
"""The smallest part of an hour that is told."""


@dataclass(frozen=True)
class Text:
    language: str

    def __call__(self, key: str, **values: Any) -> str:
        phrase = phrases(self.language)[key]
        if "year" in values:
            values["year"] = self.school_year(values["year"])
        if "subject" in values and not phrase.startswith("{subject}"):
            values["subject"] = self.subject_said(str(values["subject"]))
        return phrase.format(**values)

    def has(self, key: str) -> bool:
        return key in phrases(self.language)

    def counted(self, unit: str, n: Any, **values: Any) -> str:
        """`27 elever`, `1 elev`, `færre enn 10 elever`."""
        form = "one" if n == 1 else "other"
        return self(f"unit.{unit}.{form}", n=self.number(n), **values)

    def number(self, n: Any, decimals: int = 0) -> str:
        if isinstance(n, Hidden):
            return self.hidden(n)
        if n is None:
            return NOTHING
        pattern = "#,##0" if decimals == 0 else "#,##0." + "0" * decimals
        # A negative number that rounds to zero is zero.
        return _decimal(round(float(n), decimals) or 0.0, pattern, self.language)

    def hours(self, minutes: Any, decimals: int | None = None) -> str:
        """Minutes as hours with at most one decimal; none from a hundred hours up. Little is not none."""
        if minutes is None or isinstance(minutes, Hidden):
            return self.number(minutes)
        hours = float(minutes) / 60
        if 0 < hours < LEAST / 2:
            return f"<{self.number(LEAST, 1)}"
        return self.number(hours, decimals if decimals is not None else (0 if abs(hours) >= 100 else 1))

    def hours_said(self, minutes: Any) -> str:
        """The same inside a sentence, where whole hours have no decimal."""
        if minutes is None or isinstance(minutes, Hidden):
            return self.number(minutes)
        return self.hours(minutes, 0 if round(float(minutes) / 60, 1).is_integer() else None)

    def change(self, minutes: Any) -> str:
        """Minutes more or fewer, as hours with their sign."""
        if not isinstance(minutes, int):
            return self.hours(minutes)
        sign = "+" if minutes > 0 else MINUS if minutes < 0 else "\u00b1"
        return f"{sign}{self.hours_said(abs(minutes))}"

    def share(self, ratio: Any, decimals: int = 1) -> str:
        if ratio is None or isinstance(ratio, Hidden):
            return self.number(ratio)
        gap = "" if self.language == "en" else THIN_SPACE
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + gap + "%"
        return _percent(round(float(ratio), decimals + 2), pattern, self.language)

    def hidden(self, cell: Hidden) -> str:
        """The sign that stands where there is no number; what it means is said beside the table."""
        return REASON_SIGNS[cell.reason]

    def reason(self, cell: Hidden) -> str:
        """Why there is no number."""
        return self(f"hidden.{cell.reason}", threshold=cell.threshold)

    def day(self, day: date | datetime | None, form: str = "d MMMM y") -> str:
        if day is None:
            return NOTHING
        if self.language != "en":
            form = form.replace("d MMM", "d. MMM")
        return _day(day, form, self.language)

    def subject_said(self, name: str) -> str:
        """A subject inside a Norwegian sentence: `matematikk 1T`, but `IT 1`."""
        return name if self.language == "en" or name[1:2].isupper() else name[:1].lower() + name[1:]

    @staticmethod
    def school_year(name: Any) -> str:
        """`2025–26`, with the dash that stands between two years in print."""
        return str(name).replace("-", "\u2013")

    def moment(self, moment: datetime) -> str:
        form = "d MMMM y, HH:mm" if self.language == "en" else "d. MMMM y 'kl.' HH.mm"
        return str(format_datetime(moment.astimezone(OSLO), form, locale=LOCALES[self.language]))

    def listed(self, words: list[str]) -> str:
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self('word.and')} {words[-1]}"


@lru_cache(maxsize=20_000)
def _day(day: date, form: str, language: str) -> str:
    return str(format_date(day, form, locale=LOCALES[language]))


@lru_cache(maxsize=20_000)
def _decimal(n: float, pattern: str, language: str) -> str:
    return _spaced(format_decimal(n, pattern, locale=LOCALES[language]))


@lru_cache(maxsize=5_000)
def _percent(ratio: float, pattern: str, language: str) -> str:
    return _spaced(format_percent(ratio, pattern, locale=LOCALES[language]))


def _spaced(number: str) -> str:
    return number.replace("\u00a0", THIN_SPACE).replace("-", MINUS)
