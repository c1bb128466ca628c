"""The weekly digest: what a county's director and each principal are told by mail and on paper.

Every figure comes from the queries of the pages, as the director of the county sees them. A school's digest
is its part of that: what is hidden at one school depends on the others, and a mail travels further than a
page, so what the principal sees unhidden when signed in stays behind the link.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Figure:
    term: str
    figure: str
    note: str


@dataclass(frozen=True)
class Listing:
    """A small table, every cell already said."""

    columns: Sequence[tuple[str, bool]]
    """Head, and whether it is a number."""
    rows: Sequence[Sequence[str]]
    ends_in_sum: bool = False
    roomy: int = 0
    """The column whose words need most room."""


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    """The finding, as on the page."""
    words: Sequence[str] = ()
    listing: Listing | None = None
    page: str = ""
    """Where it stands in full, and what the link says."""
    page_words: str = ""
    steps: Sequence[tuple[str, int, str]] = ()
    """A change by cause, for a drawing: name, minutes, and the minutes said; their sum is the last."""


@dataclass(frozen=True)
class Segment:
    """Part of the status bar: students of one status, or of several that are not shown apart."""

    status: str
    sign: str
    words: str
    count: str
    share: float


@dataclass(frozen=True)
class Digest:
    """One recipient's week, in words."""

    county: str
    school: str | None
    language: str
    kind: str
    place: str
    as_of: date
    moment: str
    build: str
    since: date | None
    title: str
    second: str
    do: str
    notice: str
    """That nothing new has come, where that is so."""
    synthetic: str
    figures: Sequence[Figure]
    bar: Sequence[Segment]
    sections: Sequence[Section]
    hidden: str
    foot: Sequence[str]
    page: str
    page_words: str

    @property
    def file_name(self) -> str:
        return f"school-{self.school}" if self.school else f"county-{self.county}"
