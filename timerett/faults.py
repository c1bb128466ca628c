"""When the machine fails or the program does: what a person is told, and what is written down.

The message of an unforeseen error may hold data. So only its kind and its places in the code are kept.
"""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LOG = "faults.jsonl"
MEGABYTE = 1024 * 1024
# DuckDB, SQLite, polars and dbt each wrap the system's error in one of their own, with its words in it.
_FULL = ("no space left on device", "disk is full", "file too large", "disk quota exceeded")
_SHUT = ("read-only file system", "permission denied", "readonly database", "operation not permitted")
_MEMORY = ("out of memory", "could not allocate", "cannot allocate memory")
_FULL_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SHUT_NUMBERS = (errno.EROFS, errno.EACCES, errno.EPERM)
STANDS = "What was not finished is undone, and the published figures stand as they were."


def of_the_machine(problem: BaseException, home: Path) -> str | None:
    """What to tell of a full disk, a folder that cannot be written or too little memory; else None."""
    texts = " ".join(str(cause) for cause in _causes(problem)).lower()
    numbers = {cause.errno for cause in _causes(problem) if isinstance(cause, OSError)}
    if numbers & set(_FULL_NUMBERS) or any(words in texts for words in _FULL):
        return disk_full(home)
    if numbers & set(_SHUT_NUMBERS) or any(words in texts for words in _SHUT):
        return not_writable(home, problem)
    if isinstance(problem, MemoryError) or any(words in texts for words in _MEMORY):
        return f"There was not enough memory. {STANDS} Close other programs or use a larger machine."
    return None


def disk_full(home: Path) -> str:
    """The disk is full: how much is free, and roughly how much should be."""
    free = shutil.disk_usage(home).free // MEGABYTE
    warehouse = home / "warehouse.duckdb"
    held = warehouse.stat().st_size if warehouse.exists() else 0
    needed = 2 * held // MEGABYTE + 100
    return (
        f"The disk that holds {home} is full: {free} MB are free, and about {needed} MB are needed. {STANDS} "
        "Make room, or move the folder and set TIMERETT_HOME, then run the command again."
    )


def not_writable(home: Path, problem: BaseException) -> str:
    """Something that must be written cannot be."""
    named = next((c.filename for c in _causes(problem) if isinstance(c, OSError) and c.filename), None)
    return (
        f"{named or home}: cannot be written. {STANDS} "
        f"Give the account that runs timerett write access to {home}, then run the command again."
    )


def record(problem: BaseException, logs: Path, *, during: str) -> None:
    """Add the kind of an error and its places in the code to the log of faults; no message, no data."""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "during": during,
        "kind": [f"{type(cause).__module__}.{type(cause).__qualname__}" for cause in _causes(problem)],
        "where": _places(problem),
    }
    # A fault that cannot be written down is told all the same.
    with contextlib.suppress(OSError):
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def _causes(problem: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = problem
    known: set[int] = set()
    while seen is not None and id(seen) not in known:
        known.add(id(seen))
        yield seen
        seen = seen.__cause__ or seen.__context__


def _places(problem: BaseException) -> list[str]:
    """File, line and function of every frame, outermost first; libraries by their own folder's name."""
    return [
        f"{_place(Path(frame.filename))}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(problem.__traceback__)
    ]


def _place(file: Path) -> str:
    parts = file.parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    return str(file.relative_to(PROJECT)) if file.is_relative_to(PROJECT) else file.name
