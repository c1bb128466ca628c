"""The answer to the supervisory authority, for page and paper: how the minimum hours are secured.

It leaves the sign-in, so it is written as the director of the county sees the figures, for a principal too:
what is hidden at one school depends on the others, and two answers that decided differently would tell what
each of them hides.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.access.roles import RefusedError, Role, Viewer
from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden
from dashboard.components.lede import certainty, main_finding
from dashboard.components.table import NUMERIC, Table
from dashboard.pages import EmptyError, Request
from dashboard.queries import authority, common
from dashboard.queries.common import Publication
from dashboard.text import Text


@dataclass(frozen=True)
class Part:
    """One numbered part of the answer."""

    name: str
    title: str
    words: Sequence[str] = ()
    table: Table | None = None
    after: Sequence[str] = ()
    """What stands below the table."""


@dataclass
class Source:
    """Whom the answer is about, and the figures most parts need."""

    request: Request
    school: str | None
    reader: Reader = field(init=False)
    text: Text = field(init=False)
    year: str = field(init=False)
    county: str = field(init=False)
    schools: list[Row] = field(init=False)
    total: Row = field(init=False)
    closed: Row | None = field(init=False)

    def __post_init__(self) -> None:
        self.text, self.year = self.request.view.text, self.request.year
        if self.request.view.params.get("year", self.year) != self.year:
            # An answer about another year than the one asked for would be a wrong one.
            raise EmptyError("empty")
        self.reader, self.county = _outward(self.request, self.school)
        self.schools = common.by_school(self.reader, self.year)
        total = self.of_school(self.schools) if self.school else common.totals(self.reader, self.year)
        if total is None:
            raise EmptyError("empty")
        self.total = total
        self.closed = authority.closed(self.reader, self.year)

    def of_school(self, rows: Sequence[Row]) -> Row | None:
        return next((row for row in rows if row["school_id"] == self.school), None)

    @property
    def place(self) -> str:
        if self.school:
            return self.request.school_name(self.school)
        return str(common.counties(self.reader).get(self.county, {}).get("name", self.county))

    @property
    def publication(self) -> Publication:
        """What the figures were computed in: of a closed year, the publication it was closed with."""
        now = self.request.publication
        if self.closed is None:
            return now
        return replace(now, as_of=self.closed["as_of_date"], build_id=self.closed["build_id"])

    @property
    def over(self) -> bool:
        """Whether no lesson of the year lies ahead."""
        return bool(self.total["remaining"] == 0)


def answers(viewer: Viewer) -> bool:
    """Whose task it is to answer: the director for the county, the principal for the school."""
    return viewer.role in (Role.DIRECTOR, Role.PRINCIPAL)


def school_of(request: Request) -> str | None:
    """The school the answer is about: a principal's own, or the one the director names."""
    viewer = request.reader.viewer
    if viewer.role is Role.PRINCIPAL:
        return request.parts.get("school", viewer.school_ids[0])
    return request.parts.get("school")


def _outward(request: Request, school: str | None) -> tuple[Reader, str]:
    viewer = request.reader.viewer
    if not answers(viewer) or (school and school not in request.schools):
        raise RefusedError("the answer is the director's, and of a school the principal's")
    if viewer.role is Role.DIRECTOR:
        return request.reader, str(viewer.county_number)
    county = str(request.schools[str(school)]["county_number"])
    return request.reader.seen_by(Viewer(Role.DIRECTOR, viewer.subject, county)), county


def finding(of: Source) -> str:
    """How many have got, or are on their way to get, what they are entitled to."""
    row, text = of.total, of.text
    needing = row["students_needing"]
    if not of.over or isinstance(needing, Hidden):
        return main_finding(row, text)
    if needing == 0:
        return text("authority.finding_none", students=text.counted("student", row["students"]), year=of.year)
    return text(
        "authority.finding_over",
        n=text.number(needing),
        students=text.counted("student", row["students"]),
        share=text.share(row["share_needing"]),
        year=of.year,
    )


def sure(of: Source) -> str:
    stale = 0 if of.school or of.closed else len(common.stale_schools(of.reader))
    return certainty(of.total, stale, of.text)


def checksum(of: Source, parts: Sequence[Part]) -> str:
    """SHA-256 of the answer's figures, the same in every language."""
    said: list[Any] = [
        of.publication.build_id,
        of.publication.as_of.isoformat(),
        of.year,
        of.county,
    ]
    said.append(of.school)
    for part in parts:
        if part.table:
            keys = [column.key for column in part.table.columns if column.kind in NUMERIC]
            said.append([part.name, [[_plain(row.get(key)) for key in keys] for row in part.table.rows]])
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Hidden):
        return f"hidden:{value.reason}"
    return value if value is None or isinstance(value, int | float) else str(value)
