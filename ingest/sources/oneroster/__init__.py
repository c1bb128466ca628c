"""OneRoster 1.1 and 1.2 as CSV: a zip file or a folder with a manifest, bulk (snapshot) or delta (changes).

What the standard cannot say stays empty: programme area, subjects dropped or exempt, lessons, absence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.delivery import Delivery, Kind, Person
from ingest.manifest import Manifest, read_manifest
from ingest.sources.oneroster.calendar import Calendar
from ingest.sources.oneroster.enrolments import Enrolments
from ingest.sources.oneroster.forms import FILES, PERIPHERAL
from ingest.sources.oneroster.package import Package, open_package
from ingest.sources.oneroster.people import Users
from ingest.sources.oneroster.rows import Outputs, Rows
from ingest.sources.oneroster.schools import Schools
from ingest.sources.oneroster.subjects import Courses, read_classes

if TYPE_CHECKING:
    from ingest.identity import Pseudonyms
    from ingest.progress import Progress

SOURCE = "oneroster"


def read_all(
    path: Path,
    *,
    pseudonyms: Pseudonyms,
    kind: Kind = "full",
    progress: Progress | None = None,
    spool: Path | None = None,
) -> Iterator[Delivery]:
    """Read one package: a delivery of its snapshots, and one of its changes, if it has both."""
    manifest = read_manifest(path)
    with open_package(path) as package:
        outputs = Outputs(package, kind, pseudonyms, spool)
        if progress:
            progress.start(
                "OneRoster", sum(package.members[file].size for file in FILES if package.has(file))
            )
        rows = Rows(package, outputs, progress)
        schools = Schools(rows, manifest.county_number)
        users = _read(rows, schools, manifest, pseudonyms)
        if progress:
            progress.finish()
        persons = list(users.persons(schools.numbers))
        yield from _deliveries(package, outputs, schools, manifest, persons)


def _read(rows: Rows, schools: Schools, manifest: Manifest, pseudonyms: Pseudonyms) -> Users:
    calendar = Calendar(rows, manifest.extracted_at)
    courses = Courses(rows)
    classes = read_classes(rows, schools, calendar, courses)
    users = Users(rows, pseudonyms, schools.county_number)
    Enrolments(rows, users, schools, calendar, classes).read()
    return users


def _deliveries(
    package: Package, outputs: Outputs, schools: Schools, manifest: Manifest, persons: list[Person]
) -> Iterator[Delivery]:
    unread = dict(outputs.unread)
    for file in PERIPHERAL:
        if package.has(file):
            unread[f"{file}.csv: not needed"] = 0
    unread.update({f"{name}: no file of OneRoster": 0 for name in package.ignored})
    files = sorted(package.members[file].name for file in FILES if package.has(file))
    for kind in ("full", "delta"):
        delivered = outputs.delivered(kind)
        output = outputs.by_kind[kind]
        if not delivered and not output.rejections:
            continue
        output.unread.update(unread)
        unread = {}
        yield output.delivery(
            source=SOURCE,
            kind=kind,
            extracted_at=manifest.extracted_at,
            delivered=delivered,
            county_number=schools.county_number,
            schools=schools.school_ids or None,
            persons=persons,
            files=files,
            synthetic=manifest.synthetic,
        )
        persons = []
