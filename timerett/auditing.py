"""Reading the audit log: whether anybody has altered it, and who looked at whom, when and why allowed."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from dashboard.text import LANGUAGES, Text
from ingest.keys import pseudonym_key
from ingest.local_time import OSLO
from timerett import audit
from timerett.audit_chain import LOOK, RENAMED, Entry, Examined, Finding, Head
from timerett.erase import asked_number, with_number
from timerett.errors import CheckFailedError, WrongUseError
from timerett.export import FORMULA_STARTS
from timerett.settings import Settings, settings

COLUMNS = ("at", "who", "why", "page", "how", "students")
NOTED = re.compile(r"(\d+):([0-9a-f]{64})")
TOLD = 20


@dataclass(frozen=True)
class Wanted:
    """Which looks are asked for; an empty part asks for all."""

    students: frozenset[str] | None = None
    who: str = ""
    since: date = date.min
    until: date = date.max

    def has(self, look: Entry) -> bool:
        day = datetime.fromisoformat(look["at"]).astimezone(OSLO).date()
        of_them = self.students is None or bool(self.students & set(look["students"]))
        return of_them and (not self.who or look["who"] == self.who) and self.since <= day <= self.until


def verify(noted: str | None, out: Console) -> None:
    """Say whether the log is whole and unaltered; else what was altered, from which line."""
    place = settings()
    found = audit.examined(place.logs, _noted(noted))
    if found.findings:
        raise CheckFailedError(_wrong(place, found))
    if not found.entries:
        out.print("Nobody has looked at a student yet.", highlight=False)
        return
    first, last = found.entries[0], found.entries[-1]
    looks = sum(entry["what"] == LOOK for entry in found.entries)
    renamings = sum(entry["what"] == RENAMED for entry in found.entries)
    told = [
        f"The audit log is whole and unaltered: {looks:,} looks from {_local(first)} to {_local(last)}.",
        f"Pseudonyms in it were renamed or erased {renamings} times." if renamings else "",
        _unfinished(found),
        f"Note this elsewhere; `timerett audit verify --head` holds the log to it: {last['n']}:{last['mac']}",
    ]
    out.print("\n".join(line for line in told if line), highlight=False, soft_wrap=True)


def listed(
    student: str | None,
    *,
    number: bool,
    who: str | None,
    since: date | None,
    until: date | None,
    file: Path | None,
    language: str,
    out: Console,
) -> None:
    """Who looked, newest last, on the terminal or as CSV."""
    if language not in LANGUAGES:
        raise WrongUseError(f"--language {language}: expected one of {', '.join(LANGUAGES)}.")
    place, text = settings(), Text(language)
    wanted = Wanted(_students(place, student, number), who or "", since or date.min, until or date.max)
    found = audit.examined(place.logs)
    named = _schools(place)
    looks = [entry for entry in found.entries if entry["what"] == LOOK and wanted.has(entry)]
    rows = [told(look, wanted.students, named, text) for look in looks]
    if file:
        _write(file, rows, text)
        out.print(f"{len(rows):,} looks are in {file}.", highlight=False)
    else:
        out.print(_drawn(rows, text))
    if found.findings:
        raise CheckFailedError(_wrong(place, found))


def told(look: Entry, asked: frozenset[str] | None, schools: Mapping[str, str], text: Text) -> list[str]:
    """One look as a reader of the answer understands it. Of other students there is only how many."""
    shown = [key for key in look["students"] if asked is None or key in asked]
    page = f"page.{look['page']}"
    return [
        text.moment(datetime.fromisoformat(look["at"])),
        look["who"],
        why(look, schools, text),
        text(page) if text.has(page) else look["page"],
        text("audit.screen") if look["how"] in ("", "screen") else text("audit.file", kind=look["how"]),
        " ".join(shown),
    ]


def why(look: Entry, schools: Mapping[str, str], text: Text) -> str:
    """Role and scope: what allowed the look."""
    role = text(f"role.{look['role']}")
    where = ", ".join(schools.get(school, school) for school in look["schools"])
    if look["groups"]:
        return text("audit.for_groups", role=role, groups=", ".join(look["groups"]), schools=where)
    if where:
        return text("audit.at_schools", role=role, schools=where)
    return text("audit.for_county", role=role, county=look["county"]) if look["county"] else role


def _students(place: Settings, student: str | None, number: bool) -> frozenset[str] | None:
    if student and re.fullmatch(r"\d{6}[\s-]?\d{5}", student.strip()):
        raise WrongUseError(
            "Never give an identity number on the command line. Use --number: it is asked for."
        )
    if number:
        return frozenset(with_number(place, pseudonym_key(place.keys), asked_number()))
    return frozenset({student}) if student else None


def _noted(stated: str | None) -> Head | None:
    if stated is None:
        return None
    parts = NOTED.fullmatch(stated.strip())
    if parts is None:
        raise WrongUseError(f"--head {stated}: expected what `timerett audit verify` told you to note.")
    return Head(int(parts[1]), parts[2])


def _wrong(place: Settings, found: Examined) -> str:
    lines = [_said(finding) for finding in found.findings[:TOLD]]
    more = len(found.findings) - TOLD
    return "\n".join(
        [
            f"The audit log {place.logs / audit.FILE} is not as it was written:",
            *lines,
            *([f"- and {more} more"] if more > 0 else []),
            *([_unfinished(found)] if found.unfinished else []),
            "Keep it as it is, fetch a backup of it, and find out who had access to this folder.",
        ]
    )


def _said(finding: Finding) -> str:
    return f"- line {finding.line} {finding.what}" if finding.line else f"- the log {finding.what}"


def _unfinished(found: Examined) -> str:
    if not found.unfinished:
        return ""
    lines = ", ".join(map(str, found.unfinished))
    return f"Unfinished, as a process was stopped there, and nothing was shown for it: line {lines}."


def _local(entry: Entry) -> str:
    return f"{datetime.fromisoformat(entry['at']).astimezone(OSLO):%Y-%m-%d %H:%M}"


def _schools(place: Settings) -> dict[str, str]:
    if not place.current.exists():
        return {}
    with duckdb.connect(str(place.current), read_only=True) as published:
        return dict(published.execute("SELECT school_id, name FROM marts.school").fetchall())


def _write(file: Path, rows: list[list[str]], text: Text) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow([text(f"audit.{column}") for column in COLUMNS])
        writer.writerows([[_safe(cell) for cell in row] for row in rows])


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _drawn(rows: list[list[str]], text: Text) -> Table:
    drawn = Table(*(text(f"audit.{column}") for column in COLUMNS), box=None, pad_edge=False)
    for row in rows:
        drawn.add_row(*row)
    return drawn
