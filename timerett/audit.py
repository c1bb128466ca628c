"""The log of looks at named students: who, whom, when, why allowed; students by pseudonym.

One line an entry, sealed and chained (`audit_chain`). What its last entry is stands outside its folder, so
that lines taken from the end are missed too. Any number of processes may write.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest import durable
from ingest.keys import audit_key
from timerett.audit_chain import (
    BEGINNING,
    HEAD_LOST,
    LOOK,
    RENAMED,
    Entry,
    Examined,
    Head,
    chained,
    examine,
    head_of,
    head_seal,
    is_sealed,
    last_renaming,
    parsed,
    seal,
)

FILE = "audit.jsonl"
HEAD = "audit.head"
ERASED = "erased"
_BLOCK = 64 * 1024
_WIPED = b"?"


def write(
    logs: Path,
    *,
    who: str,
    role: str,
    students: Sequence[str],
    schools: Sequence[str] = (),
    groups: Sequence[str] = (),
    county: str | None = None,
    page: str = "",
    how: str = "",
) -> None:
    """Add one look. Returns when it is on disk, so that nothing is shown that is not written down."""
    seen = sorted(set(students))
    look = {
        "what": LOOK,
        "who": who,
        "role": role,
        "schools": list(schools),
        "groups": list(groups),
        "county": county,
        "page": page,
        "how": how,
        "count": len(seen),
        "students": seen,
    }
    with _held(logs / FILE) as log:
        key = audit_key(_keys(logs))
        _append(log, logs, key, look)


def rename(logs: Path, names: Mapping[str, str | None]) -> None:
    """Give students their new pseudonym; of who becomes None only the look stays.

    A look whose seal is broken keeps its broken seal: nothing that was altered becomes right by this.
    """
    log = logs / FILE
    if not names or not log.exists():
        return
    with _held(log):
        lines = log.read_bytes().splitlines()
        key = audit_key(_keys(logs))
        read = [parsed(line) for line in lines]
        known = _students(lines)
        changed = {old: new for old, new in names.items() if old != new and old in known}
        if not changed and not any(_loosely(line) is None and line != _WIPED for line in lines):
            return
        noted, ahead = _continued(key, logs, _last(read))
        erased = sum(new is None for new in changed.values())
        notes = [*noted, {"what": RENAMED, "renamed": len(changed) - erased, "erased": erased}]
        added: list[Entry] = []
        for note in notes:
            added.append(chained(key, {"at": _now(), **note}, ahead))
            ahead = head_of(added[-1])
        earlier = last_renaming(key, read)
        kept = [
            _renamed(key, entry, changed, earlier, ahead.n) if entry else _wiped(line, changed)
            for entry, line in zip(read, lines, strict=True)
        ]
        durable.write_secret(log, b"".join(_line(entry) for entry in [*kept, *added]))
        _note_head(logs, key, ahead)


def students(logs: Path) -> set[str]:
    """Everybody who was looked at."""
    log = logs / FILE
    if not log.exists():
        return set()
    return _students(log.read_bytes().splitlines())


def examined(logs: Path, head: Head | None = None) -> Examined:
    """The log, read while nobody writes, and what is wrong with it. `head` is noted by somebody else."""
    log = logs / FILE
    key = audit_key(_keys(logs), create=False)
    if not log.exists():
        return examine([], key, head or _head(logs, key))
    with log.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        lines, noted = file.read().splitlines(), _head(logs, key)
    result = examine(lines, key, noted)
    if head and head != noted:
        result.findings += [f for f in examine(lines, key, head).findings if f.line == 0]
    return result


def _append(log: int, logs: Path, key: bytes, look: Mapping[str, Any]) -> None:
    before = os.lseek(log, 0, os.SEEK_END)
    tail, is_whole = _tail(log, before)
    noted, ahead = _continued(key, logs, _last(tail))
    added = b"" if is_whole else b"\n"
    for entry in [*noted, look]:
        whole = chained(key, {"at": _now(), **entry}, ahead)
        added, ahead = added + _line(whole), head_of(whole)
    try:
        if os.write(log, added) != len(added):
            raise OSError("the disk took only a part of an entry of the audit log")
        os.fsync(log)
    except OSError:
        os.ftruncate(log, before)
        raise
    _note_head(logs, key, ahead)


def _continued(key: bytes, logs: Path, last: Head) -> tuple[list[Entry], Head]:
    """Where the chain goes on. The note of the end counts more than a log that is shorter: the gap stays."""
    head = _head(logs, key)
    if head is None:
        return ([{"what": HEAD_LOST}] if last.n else []), last
    return [], head if head.n > last.n else last


def _last(read: Sequence[Entry | None]) -> Head:
    return next((head_of(entry) for entry in reversed(read) if entry), Head(0, BEGINNING))


def _tail(log: int, size: int) -> tuple[list[Entry | None], bool]:
    """The last entries, and whether the last line was finished."""
    block = _BLOCK
    while True:
        start = max(0, size - block)
        text = os.pread(log, size - start, start)
        lines = text.splitlines()
        read = [parsed(line) for line in (lines if start == 0 else lines[1:])]
        if start == 0 or any(read):
            return read, not text or text.endswith(b"\n")
        block *= 4


def _renamed(key: bytes, entry: Entry, names: Mapping[str, str | None], earlier: int, renaming: int) -> Entry:
    if entry.get("what") != LOOK or "students" not in entry:
        return entry
    sealed = is_sealed(key, entry, renamed_in=earlier if entry["n"] < earlier else 0)
    named = entry | {"students": sorted(names.get(one, one) or ERASED for one in entry["students"])}
    return named | {"seal": seal(key, named, renamed_in=renaming)} if sealed else named


def _students(lines: Sequence[bytes]) -> set[str]:
    entries = (_loosely(line) or {} for line in lines)
    return {str(student) for entry in entries for student in entry.get("students", ())} - {ERASED}


def _loosely(line: bytes) -> Entry | None:
    """A line as it stands, also one without a seal."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _wiped(line: bytes, names: Mapping[str, str | None]) -> Entry | bytes:
    """What is no entry of the chain names nobody who is gone either; of a piece of a line nothing stays."""
    entry = _loosely(line)
    if entry is None:
        return _WIPED
    if not isinstance(entry.get("students"), list):
        return entry
    return entry | {"students": [names.get(one, one) or ERASED for one in entry["students"]]}


def _head(logs: Path, key: bytes) -> Head | None:
    try:
        noted = json.loads((logs.parent / HEAD).read_text(encoding="utf-8"))
        head, sealed = Head(int(noted["n"]), str(noted["mac"])), str(noted["seal"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return head if hmac.compare_digest(head_seal(key, head), sealed) else None


def _note_head(logs: Path, key: bytes, head: Head) -> None:
    """In one write over the same place: the log itself is on disk already, and may be one entry ahead."""
    noted = json.dumps({"n": head.n, "mac": head.mac, "seal": head_seal(key, head)})
    file = os.open(logs.parent / HEAD, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.pwrite(file, f"{noted:<256}\n".encode(), 0)
    finally:
        os.close(file)


def _keys(logs: Path) -> Path:
    return logs.parent / "keys"


def _line(entry: Entry | bytes) -> bytes:
    return (entry if isinstance(entry, bytes) else json.dumps(entry, ensure_ascii=False).encode()) + b"\n"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def _held(log: Path) -> Iterator[int]:
    """The log, opened to be added to and held alone; who waited while it was replaced opens the new one."""
    log.parent.mkdir(parents=True, exist_ok=True)
    while True:
        file = os.open(log, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if log.exists() and os.fstat(file).st_ino == log.stat().st_ino:
                yield file
                return
        finally:
            os.close(file)
