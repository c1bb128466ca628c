from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest

from ingest.synthetic import generate
from ingest.synthetic.report_writer import ENCODINGS

Entry = dict[str, Any]


@cache
def _entries(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    found: list[Entry] = json.loads(path.read_text(encoding="utf-8"))["_embedded"]["_entries"]
    return found


@cache
def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding=ENCODINGS.get(path.name, "utf-8"), newline="") as opened:
        return list(csv.DictReader(opened, delimiter=";"))


@dataclass(frozen=True)
class Extract:
    """One delivery as a reader finds it."""

    path: Path
    truth: dict[str, Any]

    @property
    def day(self) -> date:
        return date.fromisoformat(self.path.name[3:])

    def entries(self, file: str) -> list[Entry]:
        """The good and the bad entries of a resource; none where the file is not there."""
        return _entries(self.path / "fint" / file)

    def size(self, file: str) -> int:
        """How many entries a resource says it has; each stands on a line of its own."""
        lines = (self.path / "fint" / file).read_text(encoding="utf-8").splitlines()
        promised = int(lines[-1].partition('"total_items":')[2].partition(",")[0])
        assert promised == len(lines) - 2
        return promised

    def clean(self, file: str) -> list[Entry]:
        return [entry for entry in self.entries(file) if not identity(entry).startswith("URENT")]

    def rows(self, file: str) -> list[dict[str, str]]:
        return _rows(self.path / "reports" / file)

    def good_rows(self, file: str) -> list[dict[str, str]]:
        return [row for row in self.rows(file) if not next(iter(row.values())).startswith("URENT")]


@dataclass(frozen=True)
class County:
    """What was generated, with its truth."""

    path: Path

    @cached_property
    def truth(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.path / "truth.json").read_text(encoding="utf-8"))
        return found

    @cached_property
    def extracts(self) -> list[Extract]:
        return [Extract(self.path / entry["folder"], entry) for entry in self.truth["deliveries"]]

    @property
    def last(self) -> Extract:
        return self.extracts[-1]

    def last_of(self, school_id: str) -> Extract:
        """The last delivery that has the school."""
        (facts,) = [school for school in self.truth["school_facts"] if school["school_id"] == school_id]
        return next(found for found in self.extracts if found.day.isoformat() == facts["delivered"][-1])

    def situations(self, name: str) -> Iterator[dict[str, Any]]:
        found = [entry for entry in self.truth["situations"] if entry["situation"] == name]
        assert found, f"nothing was planted for {name}"
        yield from found


def identity(entry: Entry) -> str:
    found = entry.get("systemId") or entry["fodselsnummer"]
    return str(found["identifikatorverdi"])


def target(entry: Entry, name: str) -> str:
    return targets(entry, name)[0]


def targets(entry: Entry, name: str) -> list[str]:
    return [link["href"].rsplit("/", 1)[1] for link in entry["_links"].get(name, [])]


def day_of_period(entry: Entry, end: str) -> date:
    return datetime.fromisoformat(entry["gyldighetsperiode"][end]).date()


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """Six schools: one of each kind that plays a part."""
    path = tmp_path_factory.mktemp("county")
    generate(path, schools=6, seed=3)
    return County(path)
