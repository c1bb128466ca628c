"""Looks at single students: gathered while a page is made, and on disk before it leaves the server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from dashboard.access.roles import Viewer
from timerett import audit
from timerett.settings import settings

SCREEN = "screen"


@dataclass
class Looks:
    """What one answer shows of students; `page` and `how` (on screen, or the kind of file) say where."""

    page: str
    how: str
    seen: dict[Viewer, set[str]] = field(default_factory=dict)

    def forget(self) -> None:
        """The answer holds none of them after all, as the file of a table about groups."""
        self.seen.clear()


_gathering: ContextVar[Looks | None] = ContextVar("looks", default=None)


@contextmanager
def gathered(page: str, how: str = SCREEN) -> Iterator[Looks]:
    """Looks noted within are written down together at the end; an answer that fails shows nobody."""
    looks = Looks(page, how)
    before = _gathering.set(looks)
    try:
        yield looks
    finally:
        _gathering.reset(before)
    _write(looks)


def note(viewer: Viewer, keys: Sequence[str]) -> None:
    """Somebody looks at students."""
    looks = _gathering.get()
    if looks is None:
        _write(Looks("", SCREEN, {viewer: set(keys)}))
    else:
        looks.seen.setdefault(viewer, set()).update(keys)


def _write(looks: Looks) -> None:
    for viewer, keys in looks.seen.items():
        audit.write(
            settings().logs,
            who=viewer.subject,
            role=viewer.role.value,
            schools=viewer.school_ids,
            groups=viewer.group_ids,
            county=viewer.county_number,
            page=looks.page,
            how=looks.how,
            students=sorted(keys),
        )
