"""Pages shift, repeat and lie while they are read; what lands is every entry once, or nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.delivery import Delivery, SourceError
from tests.ingest.fint_api import faults
from tests.ingest.fint_api.api import Fault, Handler
from tests.ingest.fint_api.faults import pages_of, whenever
from tests.ingest.fint_api.live import Live, same

LESSONS = "utdanning/timeplan/time"


def told(live: Live) -> str:
    with pytest.raises(SourceError) as problem:
        live.deliveries()
    return str(problem.value)


def pages(live: Live, path: str = LESSONS) -> list[int]:
    return [one.query["offset"] for one in live.server.asked if one.path == path]


def between(offset: int, change: Callable[[Handler], object], times: int | None = 1) -> Fault:
    """The county changes just before a page is served."""
    left = times

    def act(asked: Handler) -> bool:
        nonlocal left
        if pages_of(LESSONS, offset)(asked) and left != 0:
            left = None if left is None else left - 1
            change(asked)
        return False

    return act


def test_an_entry_that_moves_to_the_end_hides_none(live: Live, county: list[Path]) -> None:
    """Entry 1 is written again while page 3 is read: all behind it move up, across the page's edge."""
    live.server.faults = [between(300, lambda asked: asked.server.api.touch(LESSONS, 0))]
    assert same(live.tables(), live.dumped(county[0]))
    assert pages(live) == [0, 100, 200, 300, 400, 500, 600, 700] * 2


def test_a_shift_that_last_updated_does_not_tell_is_found_by_counting(live: Live, county: list[Path]) -> None:
    live.server.faults = [between(300, lambda asked: asked.server.api.touch(LESSONS, 0, told=False))]
    assert same(live.tables(), live.dumped(county[0]))


def test_a_full_synchronisation_while_reading(live: Live, county: list[Path]) -> None:
    """Every entry is written again, a few before each page, as an adapter does every night."""

    until = live.server.api.now + 1_500

    def written(asked: Handler) -> bool:
        if pages_of(LESSONS)(asked) and asked.server.api.now < until:
            for _ in range(70):
                asked.server.api.touch(LESSONS, 0)
        return False

    live.write(paging={"passes": 6})
    live.server.faults = [written]
    assert same(live.tables(), live.dumped(county[0]))


def test_a_resource_that_never_holds_still_is_gathered_from_several_readings(
    live: Live, county: list[Path]
) -> None:
    live.server.faults = [between(300, lambda asked: asked.server.api.touch(LESSONS, 5), times=None)]
    assert same(live.tables(), live.dumped(county[0]))
    assert len(pages(live)) == 4 * 8


def test_entries_added_and_removed_while_reading_are_there_and_gone(live: Live, county: list[Path]) -> None:
    gone = live.server.api.resources[LESSONS][10].id

    def swapped(asked: Handler) -> None:
        entry = asked.server.api.remove(LESSONS, 10)
        asked.server.api.add(LESSONS, entry.text.replace(gone.encode(), b"ANOTHER"))

    live.server.faults = [between(300, swapped)]
    lessons = set(live.tables()["lesson"]["lesson_id"])
    before = set(live.dumped(county[0])["lesson"]["lesson_id"])
    assert lessons == before - {gone} | {"ANOTHER"}


def test_fewer_entries_than_promised_land_nothing(live: Live) -> None:
    live.server.faults = [whenever(pages_of(LESSONS), faults.page_with(total_items=900))]
    assert f"{LESSONS}: FINT says there are 900 entries, and gave 700" in told(live)


@pytest.mark.parametrize("total", [0, 5, None])
def test_more_entries_than_promised_land(live: Live, county: list[Path], total: int | None) -> None:
    live.server.faults = [whenever(pages_of(LESSONS), faults.page_with(total_items=total))]
    assert same(live.tables(), live.dumped(county[0]))


def test_links_may_be_missing(live: Live, county: list[Path]) -> None:
    live.server.faults = [whenever(pages_of(LESSONS), faults.page_with(_links=None))]
    assert same(live.tables(), live.dumped(county[0]))


@pytest.mark.parametrize("href", ["?offset=0&size=100", "?offset=100&size=100", "//[", "", "\x00"])
def test_a_next_link_in_a_loop_or_without_sense(live: Live, county: list[Path], href: str) -> None:
    live.server.faults = [whenever(pages_of(LESSONS), faults.next_link(href))]
    assert same(live.tables(), live.dumped(county[0]))


def test_a_server_that_knows_no_pages(live: Live, county: list[Path]) -> None:
    """All of it, whatever is asked for."""

    def all_of_it(asked: Handler) -> None:
        asked.query = {}
        asked.send_bytes(200, asked.page())

    live.server.faults = [whenever(pages_of(LESSONS), all_of_it)]
    assert same(live.tables(), live.dumped(county[0]))


def test_a_server_that_serves_the_first_page_for_ever(live: Live) -> None:
    def first_page(asked: Handler) -> None:
        asked.query["offset"] = 0
        asked.send_bytes(200, asked.page())

    live.server.faults = [whenever(pages_of(LESSONS), first_page)]
    assert "FINT says there are 700 entries, and gave 100" in told(live)
    assert len(pages(live)) < 10


def test_a_server_with_smaller_pages_than_asked_for(live: Live, county: list[Path]) -> None:
    def at_most_forty(asked: Handler) -> None:
        asked.query["size"] = 40
        asked.send_bytes(200, asked.page())

    live.server.faults = [whenever(pages_of(LESSONS), at_most_forty)]
    assert same(live.tables(), live.dumped(county[0]))


def test_entries_served_twice_land_once(live: Live, county: list[Path]) -> None:
    """What FINT lists twice all the time is judged by landing, as in a dump."""
    entries = live.server.api.resources[LESSONS]
    entries += entries[:3]
    assert same(live.tables(), live.dumped(county[0]))


def test_a_page_too_large_is_asked_for_in_smaller_pieces(live: Live, county: list[Path]) -> None:
    live.write(paging={"size": 700, "largest_page_megabytes": 0.2})
    assert same(live.tables(), live.dumped(county[0]))
    assert {one.query["size"] for one in live.server.asked if one.path == LESSONS} == {700, 87}


def test_a_page_too_large_however_small_is_told(live: Live) -> None:
    live.write(paging={"size": 700, "largest_page_megabytes": 0.0002})
    assert "is larger than 0.0002 MB. If that is right, raise largest_page_megabytes" in told(live)


def test_an_empty_resource_is_delivered_empty(live: Live) -> None:
    live.server.api.resources["utdanning/elev/varsel"] = []
    [delivery] = live.deliveries()
    assert delivery.rows("absence_warning").is_empty()


def test_what_is_not_offered_or_not_allowed_is_told_and_kept_out(
    live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    live.server.faults = [
        whenever(lambda asked: asked.path_asked.startswith("utdanning/elev/varsel"), faults.status(403))
    ]
    del live.server.api.resources["utdanning/vurdering/fravarsoversikt"]
    with caplog.at_level(logging.INFO, logger="timerett"):
        [delivery] = live.deliveries()
    assert not {"absence_warning", "absence_summary"} & set(delivery.parts)
    assert (
        "FINT: utdanning/elev/varsel is refused to this client (403); nothing is known of it."
        in caplog.messages
    )
    assert (
        "FINT: utdanning/vurdering/fravarsoversikt is not offered (404); nothing is known of it."
        in caplog.messages
    )


@pytest.mark.parametrize("code", [403, 404])
def test_what_is_needed_must_be_there(live: Live, code: int) -> None:
    live.server.faults = [whenever(pages_of("utdanning/elev/elevforhold"), faults.status(code))]
    assert "utdanning/elev/elevforhold: needed and is" in told(live)


@pytest.mark.parametrize("code", [403, 404])
def test_what_was_there_last_time_must_be_there(live: Live, code: int) -> None:
    live.deliveries()
    live.server.faults = [whenever(pages_of(LESSONS), faults.status(code))]
    assert f"{LESSONS}: read last time and is now" in told(live)


def test_a_list_that_ends_in_a_refusal_lands_nothing(live: Live) -> None:
    live.server.faults = [whenever(pages_of(LESSONS, 300), faults.status(404))]
    assert f"{LESSONS}: FINT answered 404 in the middle of the list" in told(live)


def test_a_memory_that_is_still_filling_lands_nothing(live: Live) -> None:
    live.deliveries()
    del live.server.api.resources[LESSONS][100:]
    assert f"{LESSONS}: 100 entries, and 700 last time" in told(live)
    live.write(largest_drop_percent=100)
    [delivery] = live.deliveries()
    assert 0 < rows(delivery, "lesson") <= 100


def test_no_pupils_at_all_land_nothing(live: Live) -> None:
    live.server.api.resources["utdanning/elev/elev"] = []
    assert "utdanning/elev/elev: FINT has no entries." in told(live)


def rows(delivery: Delivery, table: str) -> int:
    return sum(part.rows for part in delivery.parts[table])
