"""One case of the corpus: a good delivery, the way it is spoiled, and what must become of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Outcome(Enum):
    """What became of a delivery."""

    REFUSED = "refused"
    STOPPED = "stopped"
    QUARANTINED = "landed, bad rows quarantined"
    LANDED = "landed"


REFUSED = frozenset({Outcome.REFUSED})
QUARANTINED = frozenset({Outcome.QUARANTINED})
LANDED = frozenset({Outcome.LANDED})
STOPPED = frozenset({Outcome.STOPPED})
NOT_CLEAN = REFUSED | QUARANTINED
READ = QUARANTINED | LANDED
ANYTHING = READ | REFUSED

# Whether a row (file, row number of the good delivery) may be missing afterwards.
Harmed = Callable[[str, int], bool]


def nothing(_file: str, _row: int) -> bool:
    return False


def rows(file: str, numbers: Iterable[int]) -> Harmed:
    """A sheet of a workbook is `file/sheet`."""
    listed = frozenset(numbers)
    return lambda name, row: (name == file or name.startswith(f"{file}/")) and row in listed


def from_row(file: str, first: int) -> Harmed:
    return lambda name, row: (name == file or name.startswith(f"{file}/")) and row >= first


def whole(*files: str) -> Harmed:
    return lambda name, _row: any(name == file or name.startswith(f"{file}/") for file in files)


def anything(_file: str, _row: int) -> bool:
    return True


@dataclass(frozen=True)
class Form:
    """A format: the source that reads it and how its good delivery is written."""

    name: str
    source: str
    write: Callable[[Path], None]
    # What must have landed before, as landing tables.
    base: Callable[[Path], None] | None = None
    # What is handed to the command, inside the delivery's folder.
    target: str = "."
    delta: bool = False


@dataclass(frozen=True)
class Case:
    """`spoil` changes the good delivery in the folder it is given."""

    form: Form
    mutation: str
    spoil: Callable[[Path], object]
    ends: frozenset[Outcome]
    harmed: Harmed = nothing
    # The file a message must name; the delivery's own name where none is given.
    file: str | None = None
    # Where the spoiled delivery is found, if not where the good one was.
    target: str | None = None
    # Only this file is delivered, beside what has landed before: that is quicker.
    alone: bool = False
    # How many rows must be in quarantine at least.
    bad_rows: int = 0
    # Other deliveries of the same folder may have landed.
    partly: bool = False

    @property
    def name(self) -> str:
        return f"{self.form.name}: {self.mutation}"
