"""Invented people. No name here could be a person's, no number could be a national identity number.

The numbers follow the tax administration's synthetic test population: the month is raised by 80, which
no real number has, and the check digits are right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from operator import mul

SYNTHETIC_MONTH = 80
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_GIVEN_NAMES = ("Eksempel", "Prøve", "Fiktiv", "Oppdiktet", "Tenkt", "Konstruert", "Syntetisk", "Uvirkelig")
_FAMILY_NAMES = ("Testesen", "Prøvesen", "Eksempelsen", "Mønstersen", "Syntetsen", "Utkastsen")
_TEACHER_NAMES = ("Modellærer", "Læresen", "Lektorsen", "Adjunktsen")
_BORN_AFTER_1999 = range(500, 1000)
_BORN_BEFORE_2000 = range(500)


@dataclass(frozen=True, slots=True)
class Person:
    number: str
    given_name: str
    family_name: str
    birth_date: str


class _Day:
    """The valid numbers of one day of birth, worked out as far as they are needed."""

    def __init__(self, day: date) -> None:
        self._serials = iter(_BORN_AFTER_1999 if day.year > 1999 else _BORN_BEFORE_2000)
        self._head = f"{day.day:02d}{day.month + SYNTHETIC_MONTH:02d}{day.year % 100:02d}"
        self._found: list[str] = []

    def number(self, index: int) -> str:
        while len(self._found) <= index:
            digits = [int(digit) for digit in f"{self._head}{next(self._serials):03d}"]
            digits.append(-sum(map(mul, digits, _FIRST)) % 11)
            digits.append(-sum(map(mul, digits, _SECOND)) % 11)
            if digits[-2] < 10 and digits[-1] < 10:
                self._found.append("".join(map(str, digits)))
        return self._found[index]


_day = cache(_Day)


def _number(birth_year: int, serial: int) -> tuple[str, date]:
    """The serial-th number of a year of birth; different serials never share one."""
    day = date(birth_year, 1, 1) + timedelta(days=serial % 365)
    return _day(day).number(serial // 365), day


def student(birth_year: int, serial: int) -> Person:
    number, day = _number(birth_year, serial)
    given = _GIVEN_NAMES[serial % len(_GIVEN_NAMES)]
    family = _FAMILY_NAMES[serial // len(_GIVEN_NAMES) % len(_FAMILY_NAMES)]
    return Person(number, given, f"{family} {birth_year % 100:02d}{serial:05d}", day.isoformat())


def teacher(serial: int) -> Person:
    birth_year = 1962 + serial % 18
    number, day = _number(birth_year, serial // 18)
    name = f"{_TEACHER_NAMES[serial % len(_TEACHER_NAMES)]} {serial:05d}"
    return Person(number, "Oppdiktet", name, day.isoformat())
