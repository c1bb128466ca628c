"""Landing values as people read them in the sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingest.sources.workbook.forms import (
    ALL_SCHOOLS,
    ALL_SCHOOLS_LABEL,
    Column,
    code_lists,
    milestones,
    work_processes,
)
from ingest.sources.workbook.known import School


@dataclass(frozen=True)
class Scope:
    """What a workbook is made for."""

    county_number: str | None
    schools: Sequence[School]
    made_on: date
    synthetic: bool = False
    processes: Mapping[str, str] = field(
        default_factory=lambda: {seed.process_code: seed.name for seed in work_processes()}
    )

    @property
    def footer(self) -> str:
        where = f"Fylke {self.county_number}" if self.county_number else "Alle fylker"
        return f"{where}, laget {self.made_on:%d.%m.%Y}{', syntetiske data' if self.synthetic else ''}"


def label(column: Column, value: Any, scope: Scope) -> Any:
    """A landing value as people read it."""
    if value is None:
        return None
    labels: dict[str, Callable[[Any], Any]] = {
        "code": lambda code: shown_words(column, code),
        "words": lambda codes: shown_words(column, codes),
        "milestone": milestones().label,
        "truth": lambda held: "Ja" if held else "Nei",
        "school": lambda number: shown_school(number, scope),
        "school_or_all": lambda number: (
            ALL_SCHOOLS_LABEL if number == ALL_SCHOOLS else shown_school(number, scope)
        ),
        "process": lambda code: shown_process(code, scope),
    }
    return labels[column.kind](value) if column.kind in labels else value


def shown_words(column: Column, codes: str) -> str:
    known = code_lists()[column.codes or ""]
    if codes in known.words or not column.several:
        return known.label(codes)
    return "; ".join(known.label(code) for code in codes.split(";"))


def shown_school(number: str, scope: Scope) -> str:
    return next((f"{one.number} {one.name}" for one in scope.schools if one.number == number), number)


def shown_process(code: str, scope: Scope) -> str:
    return f"{code} {scope.processes[code]}" if code in scope.processes else code
