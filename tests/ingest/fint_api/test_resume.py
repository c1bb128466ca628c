"""A run that is killed goes on where it stopped; what is too old, or of another key, is read again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.delivery import SourceError
from ingest.identity import IDENTITY_KEY
from tests.ingest.fint_api import faults
from tests.ingest.fint_api.api import Handler
from tests.ingest.fint_api.faults import pages_of, whenever
from tests.ingest.fint_api.live import Live, same

LESSONS = "utdanning/timeplan/time"
SUBJECTS = "utdanning/timeplan/fag"
COMMAND = "from timerett.cli import main; main()"


def asked_pages(live: Live) -> list[tuple[str, int]]:
    return [(one.path, one.query["offset"]) for one in live.server.asked if "offset" in one.query]


def break_off(live: Live, path: str = LESSONS) -> list[tuple[str, int]]:
    """A run that fails at the fifth page of a resource; the pages that came before."""
    live.write(pace={"at_once": 1}, retry={"attempts": 1})
    live.server.faults = [whenever(pages_of(path, 400), faults.status(500))]
    with pytest.raises(SourceError):
        live.deliveries()
    found = [page for page in asked_pages(live) if page != (path, 400)]
    live.server.faults, live.server.asked = [], []
    assert (path, 300) in found
    return found


def test_nothing_is_read_twice_after_a_failure(live: Live, county: list[Path]) -> None:
    before = break_off(live)
    assert same(live.tables(), live.dumped(county[0]))
    again = set(before) & set(asked_pages(live))
    # What is not offered has left nothing to keep.
    assert {path for path, _ in again} & set(live.server.api.resources) == set()
    assert (LESSONS, 400) in asked_pages(live)


def test_not_even_the_first_resource_is_read_twice(live: Live, county: list[Path]) -> None:
    """The largest comes first, and nothing is done when it breaks off."""
    live.deliveries()
    live.server.asked.clear()
    assert break_off(live, SUBJECTS) == [(SUBJECTS, 0), (SUBJECTS, 100), (SUBJECTS, 200), (SUBJECTS, 300)]
    assert same(live.tables(), live.dumped(county[0]))
    assert (SUBJECTS, 300) not in asked_pages(live)


def test_the_extract_is_of_the_moment_the_first_part_began(live: Live) -> None:
    began = live.server.api.clock
    break_off(live)
    live.server.api.clock = began.replace(hour=began.hour + 1)
    [delivery] = live.deliveries()
    assert delivery.extracted_at == began


def test_a_resource_that_changed_meanwhile_is_read_from_its_beginning(live: Live, county: list[Path]) -> None:
    break_off(live)
    live.server.api.touch(LESSONS, 3)
    assert same(live.tables(), live.dumped(county[0]))
    assert (LESSONS, 0) in asked_pages(live)


def test_what_is_too_old_is_read_again(live: Live, county: list[Path]) -> None:
    before = break_off(live)
    live.write(resume_within_hours=0.000_001)
    assert same(live.tables(), live.dumped(county[0]))
    assert set(before) <= set(asked_pages(live))


def test_what_another_key_sealed_is_read_again(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    before = break_off(live)
    monkeypatch.setenv(IDENTITY_KEY, "YW5vdGhlciBrZXkgZm9yIHRlc3RzLCBvZiBubyB1c2U=")
    live.deliveries()
    assert set(before) <= set(asked_pages(live))


def test_a_run_of_another_kind_is_not_gone_on_with(live: Live) -> None:
    live.deliveries()
    live.server.asked.clear()
    before = break_off(live)
    live.deliveries("delta")
    assert {page for page in before if page[0].endswith("elev")} <= set(asked_pages(live))


def test_a_page_damaged_on_disk_is_read_again(live: Live, county: list[Path]) -> None:
    break_off(live)
    [page] = (live.home / "fint-api").rglob("*time-1-00002.page")
    page.write_bytes(page.read_bytes()[:-1])
    assert same(live.tables(), live.dumped(county[0]))
    assert (LESSONS, 100) not in asked_pages(live)
    assert (LESSONS, 200) in asked_pages(live)


def test_a_damaged_memory_means_a_full_run(live: Live) -> None:
    live.deliveries()
    [memory] = (live.home / "fint-api").rglob("memory.sealed")
    memory.write_bytes(b"")
    [delivery] = live.deliveries("delta")
    assert "lesson" in delivery.parts


def test_killed_in_the_middle_of_a_download_the_next_run_goes_on(live: Live, tmp_path: Path) -> None:
    """`kill -9` of the real command, while the server holds a page back."""
    live.write(pace={"at_once": 1})
    held = []

    def hold(asked: Handler) -> bool:
        if pages_of(LESSONS, 400)(asked) and not held:
            held.append(True)
            time.sleep(3)
            asked.hang_up()
            return True
        return False

    live.server.faults = [hold]
    command = [sys.executable, "-c", COMMAND, "ingest", "fint-api", str(live.file)]
    environment = {**os.environ, "TIMERETT_HOME": str(live.home)}
    running = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not held and time.monotonic() < deadline:
        time.sleep(0.02)
    assert held, running.poll()
    running.send_signal(signal.SIGKILL)
    running.communicate()
    before = set(asked_pages(live)) - {(LESSONS, 400)}
    assert not (live.home / "warehouse.duckdb").exists()
    live.server.asked.clear()

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "going on with the run of" in done.stderr
    assert "Landed as" in done.stdout
    again = {path for path, _ in before & set(asked_pages(live))}
    assert again & set(live.server.api.resources) == set()
    assert [file.name for file in (live.home / "fint-api").rglob("*.*")] == ["memory.sealed"]
