"""What a publication has been asked already, kept as long as the publication is: its rows never change.

An answer is kept for the scope it was given to, with what was hidden hidden. Nobody of another scope gets it,
and no row about a single student is ever kept.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from dashboard.access.roles import Viewer

Row = dict[str, Any]
KEPT_ROWS = 60_000
"""Of each publication; the answers asked for longest ago go first."""


class Answers:
    """The answers of one publication, for all scopes and at most so many rows."""

    def __init__(self, kept_rows: int = KEPT_ROWS) -> None:
        self._kept_rows = kept_rows
        self._rows = 0
        self._found: OrderedDict[str, list[Row]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, question: str, find: Callable[[], list[Row]]) -> list[Row]:
        """Copies, since a page may add to its rows."""
        with self._lock:
            found = self._found.get(question)
            if found is not None:
                self._found.move_to_end(question)
        if found is None:
            found = find()
            self._keep(question, found)
        return [dict(row) for row in found]

    def _keep(self, question: str, rows: list[Row]) -> None:
        with self._lock:
            if question in self._found:
                return
            self._found[question] = rows
            self._rows += len(rows) + 1
            while self._rows > self._kept_rows:
                _, forgotten = self._found.popitem(last=False)
                self._rows -= len(forgotten) + 1


Ask = TypeVar("Ask", bound=Callable[..., list[Row]])


def kept(ask: Ask) -> Ask:
    """A reader's way of asking; the same question of the same scope reaches the publication only once."""

    @wraps(ask)
    def answer(reader: Any, *question: Any, **details: Any) -> list[Row]:
        viewer: Viewer = reader.viewer
        scope = (viewer.role, viewer.county_number, viewer.school_ids, viewer.group_ids, reader.threshold)
        asked = repr((ask.__name__, scope, question, sorted(details.items())))
        answers: Answers = reader.answers
        return answers.of(asked, lambda: ask(reader, *question, **details))

    return cast(Ask, answer)
