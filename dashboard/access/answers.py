"""What a publication has been asked already, kept as long as the publication is: its rows never change.

An answer is kept for the scope it was given to, with what was hidden hidden. Nobody of another scope gets it,
and no row about a single student is ever kept. What is hidden of whole counties is the same whoever
looks; that is kept by itself, without a figure.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

import duckdb

from dashboard.access.roles import Viewer

Row = dict[str, Any]
KEPT_ROWS = 300_000
"""Of each publication; the answers asked for longest ago go first."""

Place = tuple[Any, ...]
Decided = Mapping[Place, frozenset[str]]
"""By place, the names of the figures hidden of it."""
KEPT_DECISIONS = 400
RESTING = 3
"""How many times as long as it asks, whoever asks in the background rests."""


@contextmanager
def resting() -> Iterator[None]:
    """Rest afterwards, since whoever asks now comes first."""
    started = time.monotonic()
    yield
    time.sleep(RESTING * (time.monotonic() - started))


Again = Callable[[duckdb.DuckDBPyConnection, "Answers"], object]
"""Asks the same for the same scope, of another publication."""


@dataclass(frozen=True)
class Answer:
    rows: list[Row]
    again: Again


class Answers:
    """The answers of one publication, for all scopes and at most so many rows."""

    def __init__(self, kept_rows: int = KEPT_ROWS) -> None:
        self._kept_rows = kept_rows
        self._rows = 0
        self._found: OrderedDict[str, Answer] = OrderedDict()
        self._decided: OrderedDict[str, Decided] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, question: str, find: Callable[[], list[Row]], again: Again) -> list[Row]:
        """Copies, since a page may add to its rows."""
        with self._lock:
            found = self._found.get(question)
            if found is not None:
                self._found.move_to_end(question)
        if found is None:
            found = Answer(find(), again)
            self._keep(question, found)
        return [dict(row) for row in found.rows]

    def decided(self, question: str, decide: Callable[[], Decided]) -> Decided:
        """What is hidden, worked out once for everybody who may ask."""
        with self._lock:
            found = self._decided.get(question)
        if found is None:
            found = decide()
            with self._lock:
                self._decided[question] = found
                if len(self._decided) > KEPT_DECISIONS:
                    self._decided.popitem(last=False)
        return found

    def ask_again(self, cursor: duckdb.DuckDBPyConnection, answers: "Answers", seconds: float) -> None:
        """Ask another publication what this one was asked, the latest first, for at most so long.

        Most of the time it rests: those who click now come first.
        """
        until = time.monotonic() + seconds
        with self._lock:
            asked = [answer.again for answer in reversed(self._found.values())]
        for again in asked:
            if time.monotonic() > until:
                return
            # A table may be gone; the page that asks for it says so.
            with resting(), suppress(duckdb.Error):
                again(cursor, answers)

    def _keep(self, question: str, answer: Answer) -> None:
        with self._lock:
            if question in self._found:
                return
            self._found[question] = answer
            self._rows += len(answer.rows) + 1
            while self._rows > self._kept_rows:
                _, forgotten = self._found.popitem(last=False)
                self._rows -= len(forgotten.rows) + 1


Ask = TypeVar("Ask", bound=Callable[..., list[Row]])


def kept(ask: Ask) -> Ask:
    """A reader's way of asking; the same question of the same scope reaches the publication only once."""

    @wraps(ask)
    def answer(reader: Any, *question: Any, **details: Any) -> list[Row]:
        kind, viewer, threshold = type(reader), cast(Viewer, reader.viewer), reader.threshold
        scope = (viewer.role, viewer.county_number, viewer.school_ids, viewer.group_ids, threshold)
        asked = repr((ask.__name__, scope, question, sorted(details.items())))

        def again(cursor: duckdb.DuckDBPyConnection, answers: Answers) -> None:
            # Not through `reader`: it would keep its publication open.
            answer(kind(cursor, viewer, threshold, answers), *question, **details)

        answers: Answers = reader.answers
        return answers.of(asked, lambda: ask(reader, *question, **details), again)

    return cast(Ask, answer)
