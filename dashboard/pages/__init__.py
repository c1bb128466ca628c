"""One file per page. A page is a function of its address, of who looks, and of one publication."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from dashboard.access.scope import Reader, Row
from dashboard.components.table import Table
from dashboard.queries.common import Publication, counties, school_years, schools
from dashboard.view import View


@dataclass
class Request:
    """What a page is built from."""

    view: View
    reader: Reader
    publication: Publication
    parts: Mapping[str, str]
    """The variable parts of the path: county, school, student."""
    page: str = ""
    """Which kind of page it is, as the table of pages names it."""
    years: list[str] = field(init=False)
    schools: dict[str, Row] = field(init=False)
    _shared: str = field(init=False)

    def __post_init__(self) -> None:
        self.years = school_years(self.reader)
        self.schools = schools(self.reader)
        self._shared = _shared_word([str(school["name"] or "") for school in self.schools.values()])

    @property
    def year(self) -> str:
        chosen = self.view.params.get("year", "")
        return chosen if chosen in self.years else self.years[0]

    @cached_property
    def _counties(self) -> dict[str, Row]:
        return counties(self.reader)

    def county_name(self, number: str) -> str:
        county = self._counties.get(number)
        return str(county["name"]) if county else number

    def school_name(self, school_id: str) -> str:
        school = self.schools.get(school_id)
        return str(school["name"]) if school and school["name"] else school_id

    def short_name(self, school_id: str) -> str:
        """A school's name as its neighbours use it: without what all of them share."""
        name = self.school_name(school_id).removeprefix(self._shared)
        for words in (" videregående skole", " vidaregåande skule", " vgs"):
            name = name.replace(words, "")
        for words in ("videregående skole ", "vidaregåande skule "):
            name = name.removeprefix(words)
        return name

    def named(self, rows: Sequence[Row]) -> list[Row]:
        return [{**row, "name": self.short_name(row["school_id"])} for row in rows]

    def compared(self, days: Sequence[date]) -> date | None:
        """The date to compare with: the one asked for, else the one before the last."""
        if self.view.compare in days:
            return self.view.compare
        return days[-2] if len(days) > 1 else None


@dataclass
class Body:
    """What a page hands to the shell."""

    title: str
    crumbs: list[tuple[str, str | None]]
    content: Any
    tables: Mapping[str, Table]
    compare: list[date] = field(default_factory=list)
    compared: date | None = None


def _shared_word(names: Sequence[str]) -> str:
    """The word all of several names begin with, such as that of the county."""
    first = {name.partition(" ")[0] for name in names}
    return f"{first.pop()} " if len(names) > 2 and len(first) == 1 else ""


Build = Callable[[Request], Body]


class EmptyError(Exception):
    """There is nothing to show; the page says why and what to do."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values
