"""The state of a page, as its address holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from dashboard.access.roles import Viewer
from dashboard.text import LANGUAGES, Text

KEPT = ("lang", "year", "compare", "as_of", "role", "as")
"""What a link to another page takes along; the rest belongs to the page it was chosen on."""


@dataclass(frozen=True)
class View:
    path: str
    params: Mapping[str, str]
    viewer: Viewer
    demo: bool
    """Roles may be tried: loopback address, synthetic data, no sign-in configured."""
    text: Text = field(default_factory=lambda: Text("nb"))

    @property
    def compare(self) -> date | None:
        return _date(self.params.get("compare", ""))

    @property
    def as_of(self) -> date | None:
        """The date of the publication asked for; the newest where none is."""
        return _date(self.params.get("as_of", ""))

    def href(self, path: str | None = None, **changes: str | None) -> str:
        """The address of this view with changes, or of another page with what is taken along."""
        kept = self.params if path is None else {k: v for k, v in self.params.items() if k in KEPT}
        query = {**kept, **changes}
        pairs = sorted((key, value) for key, value in query.items() if value)
        return (path or self.path) + _query(tuple(pairs))


@lru_cache(maxsize=2_000)
def _query(pairs: tuple[tuple[str, str], ...]) -> str:
    return f"?{urlencode(pairs)}" if pairs else ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def language_of(params: Mapping[str, str]) -> str:
    language = params.get("lang", "nb")
    return language if language in LANGUAGES else "nb"
