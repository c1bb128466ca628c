"""A delta brings what changed since the last run that landed; what has gone is found by counting."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from ingest.delivery import Delivery
from tests.ingest.fint_api import faults
from tests.ingest.fint_api.api import Handler
from tests.ingest.fint_api.faults import pages_of, whenever
from tests.ingest.fint_api.live import Live, same, tables

LESSONS = "utdanning/timeplan/time"
ABSENCES = "utdanning/vurdering/fravarsregistrering"


@pytest.fixture
def known(live: Live) -> Live:
    """The first morning has been read and has landed."""
    live.write(overlap_seconds=0)
    live.deliveries()
    live.server.asked.clear()
    return live


def asked_of(live: Live, path: str) -> list[dict[str, int]]:
    return [one.query for one in live.server.asked if one.path == path]


def ids(delivery: Delivery, table: str, column: str) -> set[str]:
    return set(delivery.rows(table)[column])


def test_without_an_earlier_run_everything_is_read(live: Live, county: list[Path]) -> None:
    [delivery] = live.deliveries("delta")
    assert delivery.kind == "full"
    assert same(tables(delivery), live.dumped(county[0]))


def test_where_nothing_changed_only_the_small_resources_come(known: Live) -> None:
    [whole] = known.deliveries("delta")
    assert whole.kind == "full"
    assert not {"lesson", "absence", "absence_summary", "absence_warning"} & set(whole.parts)
    assert {"school", "enrolment", "group_membership", "subject_enrolment"} <= set(whole.parts)


def test_a_changed_and_a_new_entry_come_with_what_they_link_to(known: Live) -> None:
    api = known.server.api
    began = api.last_updated[LESSONS]
    changed = api.resources[LESSONS][5]
    api.touch(LESSONS, 5)
    api.add(LESSONS, changed.text.replace(changed.id.encode(), b"NEW"))
    whole, changes = known.deliveries("delta")
    assert (whole.kind, changes.kind) == ("full", "delta")
    assert "lesson" not in whole.parts
    assert ids(changes, "lesson", "lesson_id") >= {changed.id, "NEW"}
    assert len(ids(changes, "lesson", "lesson_id")) <= 3
    assert changes.rows("lesson")["school_id"].null_count() == 0
    assert {one["sinceTimeStamp"] for one in asked_of(known, LESSONS)} == {began}


def test_each_delta_goes_on_from_the_one_before(known: Live) -> None:
    api = known.server.api
    for number in (3, 4, 5):
        moved = api.resources[LESSONS][number].id
        api.touch(LESSONS, number)
        _, changes = known.deliveries("delta")
        assert moved in ids(changes, "lesson", "lesson_id")
        assert len(ids(changes, "lesson", "lesson_id")) <= 2


def test_many_changes_come_in_pages(known: Live) -> None:
    """FINT's total counts all entries, and its next link forgets sinceTimeStamp."""
    api = known.server.api
    moved = {entry.id for entry in api.resources[LESSONS][:250]}
    for _ in range(250):
        api.touch(LESSONS, 0)
    _, changes = known.deliveries("delta")
    assert ids(changes, "lesson", "lesson_id") >= moved - {""}
    assert [one["offset"] for one in asked_of(known, LESSONS)] == [0, 100, 200, 251]


def test_an_entry_that_has_gone_makes_its_resource_come_whole(
    known: Live, caplog: pytest.LogCaptureFixture
) -> None:
    gone = known.server.api.remove(LESSONS, 7).id
    with caplog.at_level(logging.INFO, logger="timerett"):
        [whole] = known.deliveries("delta")
    assert f"FINT: entries of {LESSONS} have gone, so it is read whole." in caplog.messages
    assert gone not in ids(whole, "lesson", "lesson_id")
    assert sum(part.rows for part in whole.parts["lesson"]) > 600
    assert "absence" not in whole.parts


def test_a_removal_that_last_updated_does_not_tell_is_found(known: Live) -> None:
    known.server.api.resources[LESSONS].pop(7)
    [whole] = known.deliveries("delta")
    assert "lesson" in whole.parts


def test_resources_that_make_one_table_come_the_same_way(known: Live) -> None:
    known.server.api.remove(ABSENCES, 2)
    [whole] = known.deliveries("delta")
    assert whole.kind == "full"
    resources = {file.split(",")[0].rpartition("/")[2] for file in whole.files}
    assert {"fravarsregistrering", "aktivitetsfravar"} <= resources
    assert "time" not in resources


def test_a_resource_that_is_new_comes_whole(known: Live, county: list[Path]) -> None:
    entries = known.server.api.resources.pop("utdanning/elev/varsel")
    known.write(skip=["utdanning/elev/varsel"], overlap_seconds=0)
    known.deliveries()
    known.server.api.resources["utdanning/elev/varsel"] = entries
    known.write(overlap_seconds=0)
    [whole] = known.deliveries("delta")
    assert whole.rows("absence_warning").height == known.dumped(county[0])["absence_warning"].height


def test_changes_that_never_hold_still_are_asked_for_again_next_time(known: Live) -> None:
    api = known.server.api

    def moving(asked: Handler) -> bool:
        if pages_of(LESSONS)(asked) and asked.query["offset"] == 0:
            api.touch(LESSONS, api.now % 600)
        return False

    began = api.last_updated[LESSONS]
    api.touch(LESSONS, 0)
    known.server.faults = [moving]
    known.deliveries("delta")
    known.server.faults, known.server.asked = [], []
    known.deliveries("delta")
    assert asked_of(known, LESSONS)[0]["sinceTimeStamp"] == began


def test_the_overlap_is_asked_for_too(live: Live) -> None:
    live.deliveries()
    began = live.server.api.last_updated[LESSONS]
    live.server.api.touch(LESSONS, 0)
    live.server.asked.clear()
    live.deliveries("delta")
    assert asked_of(live, LESSONS)[0]["sinceTimeStamp"] == began - 300_000


def test_a_delta_that_did_not_land_is_asked_for_again(known: Live) -> None:
    known.server.api.touch(LESSONS, 5)

    def refuse(delivery: Delivery) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        known.deliveries("delta", at_each=refuse)
    _, changes = known.deliveries("delta")
    assert ids(changes, "lesson", "lesson_id")


def test_a_check_remembers_nothing(known: Live) -> None:
    known.server.api.touch(LESSONS, 5)
    known.deliveries("delta", check=True)
    _, changes = known.deliveries("delta")
    assert ids(changes, "lesson", "lesson_id")


def test_where_fint_does_not_tell_its_times_everything_is_read(live: Live) -> None:
    live.server.faults = [
        whenever(lambda asked: asked.path_asked.endswith("/last-updated"), faults.status(404))
    ]
    live.deliveries()
    [whole] = live.deliveries("delta")
    assert "lesson" in whole.parts
