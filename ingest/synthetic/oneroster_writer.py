"""The county as OneRoster packages, from the same model as the FINT dumps and under the same ids.

Each delivery has a snapshot in version 1.1 and 1.2; from the second on also the changes since the one
before.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ingest.synthetic.calendar import early_morning
from ingest.synthetic.model import World
from ingest.synthetic.oneroster_rows import (
    OWN_ID,
    Known,
    Row,
    common,
    day_text,
    school_row,
    school_year,
    users,
)
from ingest.synthetic.programme import Curriculum
from ingest.synthetic.schools import COUNTY_NUMBER, School

VERSIONS = ("1.1", "1.2")
_HEAD = ("sourcedId", "status", "dateLastModified")
_USER = (
    "givenName",
    "familyName",
    "middleName",
    "identifier",
    "email",
    "sms",
    "phone",
    "agentSourcedIds",
    "grades",
)
HEADERS: dict[str, tuple[str, ...]] = {
    "orgs": ("name", "type", "identifier", "parentSourcedId"),
    "academicSessions": ("title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "courses": (
        "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes",
    ),
    "classes": (
        "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId",
        "termSourcedIds", "subjects", "subjectCodes", "periods",
    ),
    "users": ("enabledUser", "orgSourcedIds", "role", "username", "userIds", *_USER, "password"),
    "roles": (
        "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId",
        "userProfileSourcedId", OWN_ID,
    ),
    "enrollments": (
        "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate",
    ),
}  # fmt: skip
_IN_1_2 = {
    "users": (
        "enabledUser", "username", "userIds", *_USER, "password", "userMasterIdentifier",
        "preferredGivenName", "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId", "pronouns",
    ),
    "enrollments": (*HEADERS["enrollments"], OWN_ID),
}  # fmt: skip
# Small enough to come whole with every package of changes, which point at them.
_ALWAYS_WHOLE = ("orgs", "academicSessions", "courses")
_NOT_WRITTEN = (
    "categories",
    "classResources",
    "courseResources",
    "demographics",
    "lineItems",
    "resources",
    "results",
)


@dataclass
class Packages:
    """One delivery's packages. Schools are appended one after the other; users are merged until the end."""

    folder: Path
    day: date
    before: Packages | None
    _schools: set[str] = field(default_factory=set)
    _users: dict[str, Row] = field(default_factory=dict)
    _rows: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    @property
    def morning(self) -> int:
        return self.day.toordinal()

    def append(self, known: Sequence[Known], known_users: Sequence[Known], school: School | None) -> None:
        if school:
            self._schools.add(school.system_id)
            self._add("bulk", "orgs", [school_row(school)], once=True)
        named: set[str] = set()
        # Enrolments first: a changed one is of no use without the class it is in.
        for file in reversed(HEADERS):
            rows = self._known(known, file, self.morning)
            self._add("bulk", file, list(rows.values()))
            if self.before:
                earlier = self._known(known, file, self.before.morning)
                changed = _changes(earlier, rows, self.morning, named=named)
                self._add("delta", file, changed)
                named |= {row["classSourcedId"] for row in changed if "classSourcedId" in row}
        for one in known_users:
            if one.since <= self.morning < one.until:
                self._merge(one.row)

    def _add(self, kind: str, file: str, rows: list[Row], *, once: bool = False) -> None:
        held = self._rows.setdefault((kind, file), [])
        held += [row for row in rows if not (once and row in held)]

    @staticmethod
    def _known(known: Sequence[Known], file: str, morning: int) -> dict[str, Row]:
        return {
            one.row["sourcedId"]: one.row
            for one in known
            if one.file == file and one.since <= morning < one.until
        }

    def _merge(self, row: Row) -> None:
        """A student at two schools is one user; the later year's level counts."""
        known = self._users.get(row["sourcedId"])
        orgs = known["orgSourcedIds"].split(",") if known else []
        merged = ",".join(dict.fromkeys([*orgs, row["orgSourcedIds"]]))
        self._users[row["sourcedId"]] = {**row, "orgSourcedIds": merged}

    def close(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        extracted = early_morning(self.day).isoformat()
        stated = {"extracted_at": extracted, "county_number": COUNTY_NUMBER, "synthetic": True}
        (self.folder / "delivery.json").write_text(json.dumps(stated) + "\n", encoding="utf-8")
        self._add("bulk", "users", list(self._users.values()))
        for version in VERSIONS:
            self._write(version, "bulk")
        if self.before:
            gone = {
                key: row
                for key, row in self.before._users.items()
                if key in self._users or set(row["orgSourcedIds"].split(",")) <= self._schools
            }
            changed = _changes(gone, self._users, self.morning, named=self._named_by_changed_roles())
            self._add("delta", "users", changed)
            for version in VERSIONS:
                self._write(version, "delta")
        self._rows.clear()

    def _named_by_changed_roles(self) -> set[str]:
        """A changed role is of no use without the user it is about."""
        return {row["userSourcedId"] for row in self._rows.get(("delta", "roles"), [])}

    def _write(self, version: str, kind: str) -> None:
        suffix = "" if kind == "bulk" else "-delta"
        with zipfile.ZipFile(
            self.folder / f"oneroster-{version}{suffix}.zip", "w", compression=zipfile.ZIP_DEFLATED
        ) as package:
            modes = {"manifest.version": "1.0", "oneroster.version": version}
            for file in HEADERS:
                absent = file == "roles" and version == "1.1"
                mode = "absent" if absent else "bulk" if file in _ALWAYS_WHOLE else kind
                if not absent:
                    rows = self._rows.get((mode, file), [])
                    _add_file(package, f"{file}.csv", _csv(file, rows, version))
                modes[f"file.{file}"] = mode
            modes |= {f"file.{file}": "absent" for file in _NOT_WRITTEN}
            modes |= {"source.systemName": "Syntetia", "source.systemCode": "syntetia"}
            lines = "".join(f"{name},{value}\r\n" for name, value in modes.items())
            _add_file(package, "manifest.csv", f"propertyName,value\r\n{lines}")


def _changes(
    before: dict[str, Row], now: dict[str, Row], morning: int, *, named: Collection[str] = ()
) -> list[Row]:
    """New, changed and gone rows, as a delta states them; and those named, changed or not."""
    modified = f"{day_text(morning - 1)}T22:00:00.000Z"
    changed = [
        {**row, "status": "active", "dateLastModified": modified}
        for key, row in now.items()
        if before.get(key) != row or key in named
    ]
    gone = [
        {**row, "status": "tobedeleted", "dateLastModified": modified}
        for key, row in before.items()
        if key not in now
    ]
    return changed + gone


def _csv(file: str, rows: list[Row], version: str) -> str:
    columns = (*_HEAD, *(_IN_1_2.get(file, HEADERS[file]) if version == "1.2" else HEADERS[file]))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        made = {"enabledUser": "true", **row} if file == "users" else row
        writer.writerow([made.get(column, "") for column in columns])
    return text.getvalue()


def _add_file(package: zipfile.ZipFile, name: str, text: str) -> None:
    # A fixed date, so that the same arguments give the same bytes.
    info = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, text)


class OneRosterWriter:
    """The packages of every delivery of the county."""

    def __init__(self, directory: Path, folders: Sequence[tuple[str, date]]) -> None:
        self._packages: dict[str, Packages] = {}
        before: Packages | None = None
        for folder, day in folders:
            before = Packages(directory / folder / "oneroster", day, before)
            self._packages[folder] = before

    def common(self, curriculum: Curriculum, years: Sequence[str]) -> None:
        known = list(common(curriculum, years))
        for package in self._packages.values():
            package.append(known, [], None)

    def append(self, world: World, folders: Sequence[str]) -> None:
        known, known_users = list(school_year(world)), list(users(world))
        for folder in folders:
            self._packages[folder].append(known, known_users, world.school)

    def close(self) -> None:
        # The last first: a package of changes looks at the users of the one before.
        for package in reversed(self._packages.values()):
            package.close()
