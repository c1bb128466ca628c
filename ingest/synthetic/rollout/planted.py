"""What was planted in the benefit sheets, in one place: minutes per case, volumes, plans and effects.

A test reads here what must be found again. Everything is invented, but for the golden case: written warnings
went from 30 to 5 minutes in Telemark (uia.no, «Hva bruker lærere 25 sparte minutter på?»).
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from enum import Enum


class Measured(Enum):
    """How much was measured."""

    HALF_YEARLY = "every school every half-year through 2018-2022, for attribution"
    FEW = "some schools before and after"
    BEFORE_ONLY = "no follow-up yet: its benefit is planned and nothing more"
    LONG_AGO = "nothing since the first year: overdue"
    NOT = "never"


@dataclass(frozen=True)
class Process:
    """One work process. `before` and `after`: true minutes per case; None where it is not done.

    `months`: cases a school has in each month (1-12) by the sheet; empty where the extracts hold them.
    `planned_share`: what the plan expected, as a share of the true saving.
    """

    code: str
    owner: str
    before: float
    after: float
    measured: Measured
    months: dict[int, int] = field(default_factory=dict)
    planned_share: float = 1.3
    unmeasured_in: tuple[str, ...] = ()
    """Counties of which `measured` holds where it is BEFORE_ONLY or LONG_AGO; the others measured some."""
    drift: float = 0.0
    """Minutes lost per half-year by schools that adopt in 2019 and 2020, whatever the system did: a trend
    that began before it."""


_TEACHING = (8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6)
_HEAD, _SECTION, _OFFICE = "Rektor", "Seksjonsleder opplæring", "Kontorleder"
PROCESSES = (
    Process("WARN-SEND", _SECTION, 30, 5, Measured.HALF_YEARLY, dict.fromkeys(_TEACHING, 35), 1.1),
    Process("GRADE", _SECTION, 2.0, 1.5, Measured.HALF_YEARLY, {12: 900, 1: 1500, 6: 2400}),
    # Was falling for years before anybody adopted: nothing can be said of the system's part.
    Process(
        "REMARK", _HEAD, 16, 16, Measured.HALF_YEARLY, dict.fromkeys((9, 10, 11, 2, 3, 4), 60), drift=2.2
    ),
    Process("TEACH", "Ikke bestemt", 60, 60, Measured.HALF_YEARLY),
    Process("TALK", "Ikke bestemt", 30, 30, Measured.HALF_YEARLY),
    Process("ABS-REG", _SECTION, 1.4, 1.1, Measured.FEW),
    Process("SUBST", _HEAD, 12, 7, Measured.FEW),
    Process("SUBJ-CHOICE", _HEAD, 25, 15, Measured.FEW),
    Process("EXEMPT", _HEAD, 40, 25, Measured.FEW),
    Process("EXAM-PLAN", "Eksamensleder", 9, 5, Measured.FEW, {2: 120, 3: 180}),
    # Promised, and not found: messages take the time they took.
    Process("GUARD-MSG", _HEAD, 4, 4, Measured.FEW, dict.fromkeys(_TEACHING, 90)),
    Process("WARN-ARCHIVE", "Arkivleder", 6, 0, Measured.FEW, dict.fromkeys(_TEACHING, 35)),
    Process("GUARD-REG", _OFFICE, 8, 0, Measured.FEW, {8: 150, 9: 60}),
    # New work takes time that nobody used before.
    Process("NUS-REQ", "Eksamensleder", 0, 11, Measured.FEW, {10: 40, 11: 60, 3: 40, 4: 60}, 0.5),
    Process("SUPERUSER", "Prosjektleder", 0, 24, Measured.FEW, planned_share=0.3),
    Process("MAKE-UP", _HEAD, 0, 6, Measured.FEW, planned_share=0.0),
    Process("CERT", _OFFICE, 15, 9, Measured.BEFORE_ONLY, {6: 140}, unmeasured_in=("50", "99")),
    Process("CLASS-LIST", _OFFICE, 10, 7, Measured.LONG_AGO, unmeasured_in=("32", "33")),
)
BY_CODE = {process.code: process for process in PROCESSES}
NEW_WORK = ("NUS-REQ", "SUPERUSER", "MAKE-UP")
ABSENT = "GUARD-MSG"
TREND_BEFORE = "REMARK"
UNCHANGED = ("TEACH", "TALK")
NOT_FOLLOWED_UP = "CERT"
OVERDUE = "CLASS-LIST"

# How schools differ, before and after alike, and how single cases do (both as sd of logarithms).
SCHOOL_SPREAD, SCHOOL_CHANGE, CASE_SPREAD = 0.12, 0.05, 0.5

# Share of a teacher position's hours by use. The promised time for teaching did not come: no effect on it.
POSITION_SHARES = {"teaching": 0.42, "pedagogical": 0.46, "administrative": 0.12}
TEACHING_TIME_EFFECT = 0.0

# Support cases a month after a classroom course, as a share of those without; a webinar does nothing.
CLASSROOM_EFFECT, WEBINAR_EFFECT = 0.55, 1.0


def true_minutes(code: str, school_id: str, phase: str, seed: int) -> float:
    """What a case takes at a school, without the drift."""
    process = BY_CODE[code]
    dice = random.Random(f"{seed}:minutes:{code}:{school_id}")
    level, change = dice.gauss(0, SCHOOL_SPREAD), dice.gauss(0, SCHOOL_CHANGE)
    if phase == "baseline":
        return process.before * math.exp(level - SCHOOL_SPREAD**2 / 2)
    spread = SCHOOL_SPREAD**2 + SCHOOL_CHANGE**2
    if code in UNCHANGED:
        return process.after * math.exp(level - SCHOOL_SPREAD**2 / 2)
    return process.after * math.exp(level + change - spread / 2)


def true_hours(code: str, school_id: str, cases: int, seed: int) -> float:
    """Hours saved by so many cases after adoption; negative for new work."""
    saved = true_minutes(code, school_id, "baseline", seed) - true_minutes(code, school_id, "follow_up", seed)
    return cases * saved / 60
