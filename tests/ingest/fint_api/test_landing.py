"""From the API to the warehouse: live and dumps replace each other, and a delta ends as a full run would."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ingest.delivery import SourceError
from tests.ingest.county import contents, waiting
from tests.ingest.fint_api import faults
from tests.ingest.fint_api.faults import pages_of, whenever
from tests.ingest.fint_api.live import Live
from timerett.ingestion import ingest
from timerett.settings import settings
from timerett.warehouse import connect

LESSONS = "utdanning/timeplan/time"


class Homes:
    """Several installations, one at a time."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch

    def ingest(self, home: str, source: str, path: Path, **options: bool) -> str:
        self._monkeypatch.setenv("TIMERETT_HOME", str(self._folder / home))
        told = StringIO()
        ingest(
            source,
            path,
            delta=options.get("delta", False),
            check=options.get("check", False),
            out=Console(file=told, width=160),
        )
        return told.getvalue()

    def landed(self, home: str) -> dict[str, Any]:
        self._monkeypatch.setenv("TIMERETT_HOME", str(self._folder / home))
        with connect(settings().warehouse, read_only=True) as connection:
            return {**contents(connection), "quarantine": waiting(connection)}


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Homes:
    return Homes(tmp_path, monkeypatch)


def test_two_mornings_live_land_what_two_dumps_land(live: Live, county: list[Path], homes: Homes) -> None:
    homes.ingest("dumps", "fint", county[0])
    assert "Checked, not landed" in homes.ingest("live", "fint-api", live.file, check=True)
    homes.ingest("live", "fint-api", live.file)
    assert homes.landed("live") == homes.landed("dumps")

    live.server.api.load(county[1])
    homes.ingest("dumps", "fint", county[1])
    told = homes.ingest("live", "fint-api", live.file, delta=True)
    assert told.count("Landed as") == 2
    assert homes.landed("live") == homes.landed("dumps")


def test_the_same_county_again_changes_nothing(live: Live, county: list[Path], homes: Homes) -> None:
    homes.ingest("one", "fint", county[0])
    before = homes.landed("one")
    homes.ingest("one", "fint-api", live.file)
    homes.ingest("one", "fint-api", live.file, delta=True)
    assert homes.landed("one") == before


def test_a_lesson_ahead_that_goes_becomes_cancelled_by_a_delta(live: Live, homes: Homes) -> None:
    api = live.server.api
    lesson = json.loads(api.resources[LESSONS][0].text)
    lesson["systemId"] = {"identifikatorverdi": "AHEAD"}
    lesson["tidsrom"] = {"start": "2026-04-20T08:00:00Z", "slutt": "2026-04-20T09:30:00Z"}
    api.add(LESSONS, json.dumps(lesson, separators=(",", ":")).encode())
    homes.ingest("one", "fint-api", live.file)
    assert api.remove(LESSONS, -1).id == "AHEAD"
    # An extract of the same moment could not know better than the first.
    api.clock += timedelta(days=1)
    homes.ingest("one", "fint-api", live.file, delta=True)
    with connect(settings().warehouse, read_only=True) as connection:
        found = connection.execute(
            "SELECT status, cause FROM landing.lesson WHERE lesson_id = 'AHEAD'"
        ).fetchall()
    assert found == [("cancelled", "removed from timetable")]


def test_a_warehouse_begun_anew_gets_everything(live: Live, county: list[Path], homes: Homes) -> None:
    homes.ingest("one", "fint-api", live.file)
    before = homes.landed("one")
    settings().warehouse.unlink()
    homes.ingest("one", "fint-api", live.file, delta=True)
    assert homes.landed("one") == before


def test_an_api_that_fails_leaves_what_was_and_says_so(live: Live, homes: Homes) -> None:
    homes.ingest("one", "fint-api", live.file)
    before = homes.landed("one")
    live.write(retry={"attempts": 2})
    live.server.faults = [whenever(pages_of(LESSONS), faults.status(500))]
    with pytest.raises(SourceError):
        homes.ingest("one", "fint-api", live.file)
    assert homes.landed("one") == before
    with connect(settings().warehouse, read_only=True) as connection:
        [(source, reason)] = connection.execute("SELECT source, reason FROM landing.batch_failure").fetchall()
    assert source == "fint-api"
    assert reason.startswith(f"{LESSONS} from entry 1: FINT answered 500")
