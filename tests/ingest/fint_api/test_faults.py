"""An API that fails now and then is read all the same; one that fails for good is told of plainly."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from ingest.delivery import SourceError
from tests.ingest.fint_api import faults
from tests.ingest.fint_api.faults import every, pages_of, served, whenever
from tests.ingest.fint_api.live import Live, same

LESSONS = "utdanning/timeplan/time"
PASSING = {
    "500": faults.status(500),
    "502": faults.status(502),
    "503": faults.status(503),
    "503 with a wait": faults.status(503, Retry_After="0"),
    "429 in seconds": faults.status(429, Retry_After="0"),
    "429 with a date": faults.wait_as_date,
    "429 with nonsense": faults.status(429, Retry_After="soon"),
    "hung up": faults.hang_up,
    "cut body": faults.cut_body,
    "cut JSON": faults.cut_json,
    "cut gzip": faults.cut_gzip,
    "HTML with 200": faults.html,
    "nothing": faults.nothing,
    "other JSON": faults.other_json,
    "wrong types": faults.wrong_types,
    "NUL bytes": faults.nul_bytes,
}


def told(live: Live) -> str:
    with pytest.raises(SourceError) as problem:
        live.deliveries()
    assert "14029923273" not in str(problem.value)
    return str(problem.value)


def test_every_passing_fault_now_and_then(live: Live, county: list[Path]) -> None:
    """All of them in one run, one after the other."""
    waiting = list(PASSING.values())
    live.server.faults = [faults.in_turn(every(2), waiting)]
    assert same(live.tables(), live.dumped(county[0]))
    assert waiting == []


def test_a_burst_at_the_gateway(live: Live, county: list[Path]) -> None:
    live.server.faults = [whenever(pages_of(LESSONS), faults.status(502), times=4)]
    assert same(live.tables(), live.dumped(county[0]))


def test_a_stall_and_a_dribble_are_not_waited_for(live: Live, county: list[Path]) -> None:
    live.write(timeouts={"read_seconds": 0.2, "answer_seconds": 0.4})
    live.server.faults = [
        whenever(pages_of(LESSONS, 0), faults.stall(0.4), times=1),
        whenever(pages_of(LESSONS, 100), faults.dribble, times=1),
    ]
    began = time.monotonic()
    assert same(live.tables(), live.dumped(county[0]))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("500", "answered 500, 3 times"),
        ("cut body", "broke off the connection"),
        ("cut JSON", "answered with JSON that is cut off or not as FINT writes it"),
        ("cut gzip", "sent an answer that cannot be unpacked"),
        ("HTML with 200", "answered with a web page or XML instead of JSON"),
        ("nothing", "answered with nothing"),
        ("other JSON", "answered with JSON that is not a page of entries"),
        ("wrong types", "answered with JSON that is cut off or not as FINT writes it"),
    ],
)
def test_a_fault_that_stays_is_told_with_the_place_and_nothing_lands(
    live: Live, name: str, said: str
) -> None:
    live.write(retry={"attempts": 3})
    live.server.faults = [whenever(pages_of(LESSONS, 200), PASSING[name])]
    message = told(live)
    assert f"{LESSONS} from entry 201: FINT {said}" in message
    assert "kept; the next run goes on from there" in message
    assert (
        len([one for one in live.server.asked if (one.path, one.query.get("offset")) == (LESSONS, 200)]) == 3
    )


def test_a_server_that_is_not_there(live: Live) -> None:
    live.write(retry={"attempts": 2}, base_url="http://127.0.0.1:9")
    assert "FINT could not be reached, 2 times" in told(live)


def test_retries_of_a_whole_run_are_limited(live: Live) -> None:
    live.write(retry={"in_all": 5})
    live.server.faults = [whenever(every(2), faults.status(500))]
    message = told(live)
    assert "the 5 retries of one run are used up" in message


def test_a_wait_asked_for_is_kept_by_all(live: Live, caplog: pytest.LogCaptureFixture) -> None:
    live.server.faults = [whenever(pages_of(LESSONS, 0), faults.status(429, Retry_After="1"), times=1)]
    began = time.monotonic()
    with caplog.at_level(logging.INFO, logger="timerett"):
        live.deliveries()
    assert time.monotonic() - began >= 1
    assert "FINT asks to wait 1 s." in caplog.messages


def test_a_wait_too_long_is_told_and_not_waited_for(live: Live) -> None:
    live.server.faults = [whenever(pages_of(LESSONS, 0), faults.status(429, Retry_After="7200"))]
    assert "asks to wait 120 minutes, longer than longest_asked_wait_seconds (900)" in told(live)


def test_text_that_is_not_utf8_is_not_taken_in(live: Live) -> None:
    live.write(retry={"attempts": 2})
    live.server.faults = [whenever(pages_of(LESSONS, 0), faults.latin1)]
    told(live)


def test_a_status_nobody_expects(live: Live) -> None:
    live.server.faults = [whenever(pages_of(LESSONS, 0), faults.status(418))]
    assert f"{LESSONS} from entry 1: FINT answered 418, which is not expected" in told(live)


def test_when_one_resource_fails_the_others_stop(live: Live) -> None:
    live.write(retry={"attempts": 1}, paging={"size": 10})
    live.server.faults = [whenever(pages_of("utdanning/elev/elev", 0), faults.status(500))]
    told(live)
    assert len(live.server.asked) < 60


def test_unknown_fields_and_links_are_no_matter(live: Live, county: list[Path]) -> None:
    live.server.faults = [whenever(served, faults.with_unknown_fields)]
    assert same(live.tables(), live.dumped(county[0]))
