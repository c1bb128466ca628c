"""No token, secret, name or identity number is told, logged or left on disk, whatever happens."""

from __future__ import annotations

import json
import logging
import re
import stat
from pathlib import Path

import pytest

from ingest.delivery import SourceError
from tests.ingest.fint_api import faults
from tests.ingest.fint_api.api import CLIENT_SECRET
from tests.ingest.fint_api.faults import pages_of, whenever
from tests.ingest.fint_api.live import Live

LESSONS = "utdanning/timeplan/time"
PERSONS = "utdanning/elev/person"


@pytest.fixture(scope="module")
def secret(county: list[Path]) -> re.Pattern[bytes]:
    """Every identity number and family name, the client's secret, and what begins every token."""
    entries = json.loads((county[0] / "utdanning.elev" / "person.json").read_bytes())["_embedded"]["_entries"]
    numbers = {entry["fodselsnummer"]["identifikatorverdi"] for entry in entries}
    names = {entry["navn"]["etternavn"].split()[0] for entry in entries}
    assert len(numbers) > 50
    words = numbers | names | {CLIENT_SECRET, "secret-token", "Bearer"}
    return re.compile("|".join(sorted(map(re.escape, words))).encode())


def files_of(live: Live) -> list[Path]:
    return [file for file in live.home.rglob("*") if file.is_file() and file.parent.name != "keys"]


def test_the_search_would_find_them(live: Live, secret: re.Pattern[bytes]) -> None:
    assert secret.search(live.server.api.resources[PERSONS][0].text)


def test_what_lies_on_disk_while_a_run_goes_on_is_sealed(live: Live, secret: re.Pattern[bytes]) -> None:
    live.write(retry={"attempts": 1}, pace={"at_once": 1})
    live.server.faults = [whenever(pages_of("utdanning/kodeverk/skolear"), faults.status(500))]
    with pytest.raises(SourceError):
        live.deliveries()
    files = files_of(live)
    assert any("person" in file.name for file in files)
    assert {file.name for file in files if secret.search(file.read_bytes())} == set()
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert {stat.S_IMODE(file.parent.stat().st_mode) & 0o077 for file in files} == {0}


def test_what_is_remembered_is_sealed(live: Live, secret: re.Pattern[bytes]) -> None:
    live.deliveries()
    assert [file.name for file in files_of(live)] == ["memory.sealed"]
    assert not any(secret.search(file.read_bytes()) for file in files_of(live))


@pytest.mark.parametrize(
    "act", [faults.status(500), faults.status(418), faults.html, faults.other_json, faults.cut_json]
)
def test_nothing_is_told_or_logged(
    live: Live,
    secret: re.Pattern[bytes],
    caplog: pytest.LogCaptureFixture,
    act: faults.Act,
) -> None:
    live.write(retry={"attempts": 2})
    live.server.faults = [whenever(pages_of(PERSONS), act)]
    with caplog.at_level(logging.DEBUG), pytest.raises(SourceError) as problem:
        live.deliveries()
    assert not secret.search(str(problem.value).encode())
    assert problem.value.__cause__ is None
    assert not secret.search("\n".join(record.getMessage() for record in caplog.records).encode())


def test_a_person_that_is_not_as_the_model_says_is_rejected_without_a_word_of_it(
    live: Live, secret: re.Pattern[bytes]
) -> None:
    entry = live.server.api.resources[PERSONS][0]
    entry.text = entry.text.replace(b'"identifikatorverdi":', b'"identifikatorverdi_":')
    [delivery] = live.deliveries()
    rejected = [one for one in delivery.rejections if one.source_file.startswith(PERSONS)]
    assert rejected
    assert not secret.search(repr(rejected).encode())
