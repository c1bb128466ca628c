"""What makes the audit log tamper-evident: each entry sealed, and bound to the one before.

An entry has two seals, both HMAC-SHA-256 under a key of the log's own. `mac` covers everything but the
students, and with the number of the entry and the seal before it makes the chain. `seal` binds the students
to it apart, so that a pseudonym can be renamed or erased and the chain still holds: who renames writes an
entry of that kind, and makes the second seals of all looks before it anew, with its number in them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Entry = dict[str, Any]
LOOK, RENAMED, HEAD_LOST = "look", "renamed", "head lost"
BEGINNING = ""
_NOT_IN_CHAIN = frozenset({"mac", "students", "seal"})


@dataclass(frozen=True)
class Head:
    """The last entry as it is noted outside the log."""

    n: int
    mac: str


@dataclass(frozen=True)
class Finding:
    line: int
    """0: the log as a whole."""
    what: str


@dataclass
class Examined:
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unfinished: list[int] = field(default_factory=list)
    """Lines a process was stopped in the middle of; nothing was shown for them."""

    @property
    def head(self) -> Head:
        return head_of(self.entries[-1]) if self.entries else Head(0, BEGINNING)


def chained(key: bytes, entry: Mapping[str, Any], before: Head) -> Entry:
    """The entry as the next of the chain; a look's students sealed to it."""
    whole = {"n": before.n + 1, **entry, "before": before.mac}
    whole["mac"] = mac(key, whole)
    if whole["what"] == LOOK:
        whole["seal"] = seal(key, whole, renamed_in=0)
    return whole


def mac(key: bytes, entry: Mapping[str, Any]) -> str:
    return _hmac(key, {name: value for name, value in entry.items() if name not in _NOT_IN_CHAIN})


def seal(key: bytes, entry: Mapping[str, Any], *, renamed_in: int) -> str:
    """`renamed_in`: the number of the last renaming after the look; 0 where there was none."""
    return _hmac(key, ["students", entry["mac"], renamed_in, entry["students"]])


def head_seal(key: bytes, head: Head) -> str:
    return _hmac(key, ["head", head.n, head.mac])


def head_of(entry: Mapping[str, Any]) -> Head:
    return Head(entry["n"], entry["mac"])


def parsed(line: bytes) -> Entry | None:
    """An entry of the chain as it stands, right or not; None for anything else."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    is_entry = (
        isinstance(entry, dict) and isinstance(entry.get("n"), int) and isinstance(entry.get("mac"), str)
    )
    return entry if is_entry else None


def is_right(key: bytes, entry: Mapping[str, Any]) -> bool:
    return hmac.compare_digest(mac(key, entry), entry["mac"])


def is_sealed(key: bytes, entry: Mapping[str, Any], *, renamed_in: int) -> bool:
    if entry.get("what") != LOOK:
        return True
    if not isinstance(entry.get("students"), list) or len(entry["students"]) != entry.get("count"):
        return False
    return hmac.compare_digest(seal(key, entry, renamed_in=renamed_in), str(entry.get("seal")))


def last_renaming(key: bytes, entries: Iterable[Entry | None]) -> int:
    return max((e["n"] for e in entries if e and e.get("what") == RENAMED and is_right(key, e)), default=0)


def examine(lines: list[bytes], key: bytes, head: Head | None) -> Examined:
    """Everything that is wrong with the log; what follows an altered line is judged by itself."""
    result = Examined()
    read = [parsed(line) for line in lines]
    renaming = last_renaming(key, read)
    before, before_is_right, broken = Head(0, BEGINNING), True, 0
    for number, entry in enumerate(read, start=1):
        if entry is None:
            broken = broken or number
            continue
        right = is_right(key, entry)
        follows = entry["n"] == before.n + 1 and entry.get("before") == before.mac
        if broken:
            _tell_broken(result, lines[broken - 1 : number - 1], broken, follows=follows and right)
        if not right:
            result.findings.append(Finding(number, "was altered, or not written by timerett"))
        elif not follows and before_is_right:
            result.findings.append(Finding(number, _misplaced(entry["n"], before.n)))
        if right and not is_sealed(key, entry, renamed_in=renaming if entry["n"] < renaming else 0):
            result.findings.append(Finding(number, "names other students than were looked at"))
        if right and entry["what"] == HEAD_LOST:
            result.findings.append(Finding(number, "was written when the note of the log's end was gone"))
        result.entries.append(entry)
        before, before_is_right, broken = head_of(entry), right, 0
    if broken:
        _tell_broken(result, lines[broken - 1 :], broken, follows=not head or head.n <= before.n)
    result.findings += _at_the_end(result, head)
    return result


def _tell_broken(result: Examined, lines: list[bytes], first: int, *, follows: bool) -> None:
    """One piece of a line where nothing is missing is what a process leaves that is stopped while writing."""
    if follows and len(lines) == 1 and not _is_json(lines[0]):
        result.unfinished.append(first)
    else:
        result.findings += [Finding(first + i, "is no entry any more") for i in range(len(lines))]


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _misplaced(n: int, before: int) -> str:
    missing = n - before - 1
    if missing > 0:
        return f"comes after {missing} {'entry that is' if missing == 1 else 'entries that are'} gone"
    return "is out of its place" if missing < 0 else "does not follow the line before it"


def _at_the_end(result: Examined, head: Head | None) -> list[Finding]:
    last = result.head
    if head is None:
        return [Finding(0, "the note of its end is gone or was altered")] if result.entries else []
    if head.n > last.n:
        return [Finding(0, f"ends {head.n - last.n} entries too early")]
    noted = next((entry for entry in result.entries if entry["n"] == head.n), None)
    fits = noted is not None and noted["mac"] == head.mac
    return [] if fits or head.n == 0 else [Finding(0, f"holds another entry {head.n} than was noted")]


def _hmac(key: bytes, content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
