"""A county read live is the county of its dumps, however it is served."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint_api.connection import PASSWORD as PASSWORD_VARIABLE
from ingest.sources.fint_api.connection import USERNAME as USERNAME_VARIABLE
from ingest.sources.fint_api.resources import PATHS, resource_of
from tests.ingest.fint_api.api import CLIENT_ID, PASSWORD, USERNAME
from tests.ingest.fint_api.live import Live, same, tables


def test_live_makes_what_the_dumps_make(live: Live, county: list[Path]) -> None:
    [delivery] = live.deliveries()
    assert same(tables(delivery), live.dumped(county[0]))
    assert (delivery.source, delivery.kind, delivery.county_number) == ("fint", "full", "99")
    assert delivery.synthetic
    assert "utdanning/timeplan/time, part 1" in delivery.files


def test_the_extract_is_of_the_moment_the_run_began_by_the_servers_clock(live: Live) -> None:
    live.server.api.clock = datetime.fromisoformat("2026-03-02T05:00:00+01:00")
    [delivery] = live.deliveries()
    assert delivery.extracted_at == live.server.api.clock


def test_packed_answers_and_more_at_once_change_nothing(live: Live, county: list[Path]) -> None:
    live.server.zipped = True
    live.write(pace={"at_once": 4}, paging={"size": 37})
    assert same(live.tables(), live.dumped(county[0]))


def test_every_request_says_who_asks(live: Live) -> None:
    live.write(client_name="timerett@syntetia.example")
    live.deliveries()
    asked = [one.headers for one in live.server.asked if one.path != "token"]
    assert {one["x-org-id"] for one in asked} == {"syntetia.example"}
    assert {one["x-client"] for one in asked} == {"timerett@syntetia.example"}
    assert {one["Authorization"] for one in asked} == {"Bearer secret-token-1"}
    assert live.server.granted == [{"grant_type": "client_credentials", "scope": "fint-client"}]


def test_a_client_with_a_user_asks_with_it(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USERNAME_VARIABLE, USERNAME)
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    live.write(client_authentication="body", scope="fint-test")
    live.deliveries()
    [granted] = live.server.granted
    assert granted["grant_type"] == "password"
    assert (granted["scope"], granted["client_id"]) == ("fint-test", CLIENT_ID)


def test_nothing_is_asked_but_resources_and_how_old_they_are(live: Live) -> None:
    """No address with a person's number in it is ever asked for."""
    live.deliveries()
    paths = {path.removesuffix("/last-updated").removesuffix("/cache/size") for path in live.server.paths()}
    assert all(len(path.split("/")) == 3 for path in paths - {"token"})
    assert {name for one in live.server.asked for name in one.query} == {"offset", "size"}


def test_no_faster_than_agreed(live: Live) -> None:
    live.write(pace={"requests_per_second": 400}, skip=[], paging={"size": 10_000})
    began = datetime.now().astimezone()
    live.deliveries()
    took = (datetime.now().astimezone() - began).total_seconds()
    assert took > (len(live.server.paths()) - 3) / 400


def test_what_is_left_out_is_not_asked(live: Live) -> None:
    live.write(skip=["utdanning/timeplan/time"], paths={"person": ["utdanning/elev/person"]})
    [delivery] = live.deliveries()
    assert "lesson" not in delivery.parts
    assert not [path for path in live.server.paths() if "time" in path.split("/")]
    assert not [path for path in live.server.paths() if path.startswith("administrasjon/personal/person/")]


def test_nothing_is_left_on_disk_but_what_the_next_run_must_know(live: Live) -> None:
    live.deliveries()
    files = [file.name for file in (live.home / "fint-api").rglob("*") if file.is_file()]
    assert files == ["memory.sealed"]


def test_just_what_the_reader_reads_is_asked_for(
    live: Live, county: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: set[str] = set()
    batches = Dump.batches

    def noted(dump: Dump, resource: str, *of: Any, **more: Any) -> Iterator[Batch]:
        read.add(resource)
        return batches(dump, resource, *of, **more)

    monkeypatch.setattr(Dump, "batches", noted)
    live.dumped(county[0])
    assert read == {resource_of(path) for path in PATHS}
