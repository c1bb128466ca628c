"""The schools that are held in memory: few, of one publication, and few at work at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scenario.school import School

HELD, AT_ONCE, PATIENCE_SECONDS = 2, 2, 20

_lock = threading.Lock()
_turns = threading.BoundedSemaphore(AT_ONCE)
_held: OrderedDict[tuple[Path, str], School] = OrderedDict()


class BusyError(Exception):
    """Others are asking, and it is not this one's turn soon."""


@contextmanager
def opened(file: Path, school_id: str) -> Iterator[School]:
    """A school of a published file, for as long as it is this one's turn."""
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise BusyError
    try:
        yield _school(file, school_id)
    finally:
        _turns.release()


def _school(file: Path, school_id: str) -> School:
    key = (file, school_id)
    with _lock:
        for other in [held for held in _held if held[0] != file]:
            # What has been published since may be without somebody who was erased.
            del _held[other]
        if key in _held:
            _held.move_to_end(key)
            return _held[key]
    made = School(file, school_id)
    with _lock:
        _held[key] = made
        while len(_held) > HELD:
            _held.popitem(last=False)
    return made
