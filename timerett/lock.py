"""One at a time: whatever changes the state of a home holds its lock while it works.

The kernel lets go of the lock when its holder ends, however it ends, so a crash leaves nothing to clear away.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from ingest.local_time import OSLO
from timerett.renewal import carry_through
from timerett.settings import settings

FILE = "lock"
PATIENCE_SECONDS = 600.0
_PAUSE_SECONDS = 0.2
# What only a run that was cut short leaves behind, seen from the home.
LEFTOVERS = (
    "spool",
    "published/*.unfinished*",
    "published/*.next",
    "warehouse.duckdb.tmp",
    "renewal.unfinished",
    "erased.sealed.unfinished",
    "keys/*.unfinished",
    "closed/*.unfinished*",
    "logs/*.unfinished",
)

_log = logging.getLogger("timerett.lock")
_held: set[Path] = set()


class HeldError(Exception):
    """Somebody else is at work in this home; the message says who, since when and what to do."""


@contextlib.contextmanager
def exclusive(home: Path, what: str, *, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the home for `what` (as `ingest` or `build`), waiting a while for whoever has it.

    A command that runs another within it holds the lock already. A change of the whole state that was cut
    short is carried through; what else a cut-short run left behind is removed.
    """
    place = home.resolve()
    if place in _held:
        yield
        return
    place.mkdir(parents=True, exist_ok=True)
    with (place / FILE).open("a+", encoding="utf-8") as file:
        _acquire(file, patience)
        _held.add(place)
        try:
            _sign(file, what)
            carry_through(replace(settings(), home=place))
            sweep(place)
            yield
        finally:
            _held.discard(place)


def sweep(home: Path) -> None:
    """Remove leftovers; only the holder of the lock may, since nobody else's are being made."""
    for pattern in LEFTOVERS:
        for found in home.glob(pattern):
            if found.is_dir() and not found.is_symlink():
                shutil.rmtree(found, ignore_errors=True)
            else:
                found.unlink(missing_ok=True)


def _acquire(file: IO[str], patience: float) -> None:
    deadline = time.monotonic() + patience
    told = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise HeldError(
                    f"{_holder(file)} is at work on this data. Nothing was changed; "
                    "try again when it is done."
                ) from None
        else:
            return
        if not told:
            _log.info("Waiting for %s to be done.", _holder(file))
            told = True
        time.sleep(_PAUSE_SECONDS)


def _holder(file: IO[str]) -> str:
    file.seek(0)
    return file.read(200).strip() or "Another timerett command"


def _sign(file: IO[str], what: str) -> None:
    # Only for the message of those who wait: a full disk must not stop the work that may mend it.
    with contextlib.suppress(OSError):
        file.seek(0)
        file.truncate()
        since = datetime.now(UTC).astimezone(OSLO)
        file.write(f"timerett {what} (process {os.getpid()}, since {since:%Y-%m-%d %H:%M})")
        file.flush()
