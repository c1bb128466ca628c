"""The log of looks at named students: who, whom, when, why allowed; students by pseudonym."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from ingest import durable

FILE = "audit.jsonl"
ERASED = "erased"


def write(logs: Path, *, who: str, role: str, schools: Sequence[str], students: Sequence[str]) -> None:
    """Add one look."""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": who,
        "role": role,
        "schools": list(schools),
        "students": sorted(set(students)),
    }
    logs.mkdir(parents=True, exist_ok=True)
    with _held(logs / FILE) as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def rename(logs: Path, names: Mapping[str, str | None]) -> None:
    """Give students their new pseudonym; of who becomes None only the look stays."""
    log = logs / FILE
    if not names or not log.exists():
        return
    with _held(log):
        lines = [json.dumps(_renamed(entry, names), ensure_ascii=False) for entry in _entries(log)]
        durable.write_secret(log, "".join(f"{line}\n" for line in lines).encode())


def students(logs: Path) -> set[str]:
    """Everybody who was looked at."""
    log = logs / FILE
    if not log.exists():
        return set()
    return {student for entry in _entries(log) for student in entry["students"]} - {ERASED}


def _entries(log: Path) -> Iterator[dict[str, Any]]:
    for line in log.read_text(encoding="utf-8").splitlines():
        # The last line of a process that was killed while writing it.
        with suppress(json.JSONDecodeError):
            yield json.loads(line)


def _renamed(entry: dict[str, Any], names: Mapping[str, str | None]) -> dict[str, Any]:
    return entry | {"students": sorted({names.get(key, key) or ERASED for key in entry["students"]})}


@contextmanager
def _held(log: Path) -> Iterator[IO[str]]:
    """The log, opened to be added to and held alone; who waited while it was replaced opens the new one."""
    while True:
        with log.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if log.exists() and os.fstat(file.fileno()).st_ino == log.stat().st_ino:
                yield file
                return
