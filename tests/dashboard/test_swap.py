"""A new publication is taken up while people click: the real server, real files, not one failed request."""

import shutil
import threading
import time
from pathlib import Path

import duckdb

from bench.asking import Answer, Click, ask, served, visitor
from dashboard.queries.database import Published
from tests.dashboard.fixture import build
from timerett.publish import point

CLICKS = [
    Click("/", "director"),
    Click("/school/99002", "principal", {"as": "99002"}),
    Click("/method", "owner"),
]
PEOPLE = 4


def publications(home: Path) -> list[Path]:
    """Two of them, told apart by their builds; the first is current."""
    folder = home / "published"
    folder.mkdir()
    first = build(folder / "serving-000001.duckdb")
    second = folder / "serving-000002.duckdb"
    shutil.copy(first, second)
    with duckdb.connect(str(second)) as connection:
        connection.execute("update marts.publication set build_id = 'fixture-2', as_of_date = '2026-03-03'")
    point(folder / "current.duckdb", first)
    return [first, second]


def test_a_swap_while_people_click_loses_no_request(tmp_path: Path) -> None:
    first, second = publications(tmp_path)
    told: list[tuple[float, Answer]] = []
    stop = threading.Event()

    def click(address: str) -> None:
        with visitor(address) as client:
            while not stop.is_set():
                for one in CLICKS:
                    told.append((time.time(), ask(client, one)))

    with served(tmp_path) as server:
        people = [threading.Thread(target=click, args=(server.address,)) for _ in range(PEOPLE)]
        for person in people:
            person.start()
        _until(lambda: len(told) > 4 * len(CLICKS))
        point(tmp_path / "published" / "current.duckdb", second)
        _until(lambda: sum(b"fixture-2" in answer.content for _, answer in told[-9:]) == 9)
        _until(lambda: not server.holds_open(first))
        stop.set()
        for person in people:
            person.join()
    assert [answer.failed for _, answer in told if answer.failed] == []
    assert all((b"fixture-1" in a.content) != (b"fixture-2" in a.content) for _, a in told)


def test_what_was_removed_is_seen_by_nobody_again(tmp_path: Path) -> None:
    first, second = publications(tmp_path)
    link = tmp_path / "published" / "current.duckdb"
    published = Published(link)
    assert published.newest().file == first
    point(link, second)
    first.unlink()
    assert published.newest().file == second


def test_of_two_new_publications_the_last_is_shown(tmp_path: Path) -> None:
    first, second = publications(tmp_path)
    third = second.with_name("serving-000003.duckdb")
    shutil.copy(second, third)
    link = tmp_path / "published" / "current.duckdb"
    published = Published(link)
    assert published.newest().file == first
    point(link, second)
    published.newest()
    point(link, third)
    _until(lambda: published.newest().file == third)
    time.sleep(0.5)
    assert published.newest().file == third


def test_an_edition_is_offered_as_long_as_pages_find_in_it_what_they_read(tmp_path: Path) -> None:
    first, second = publications(tmp_path)
    point(tmp_path / "published" / "current.duckdb", second)
    for change, offered in (("drop column students_met", []), ("add column students_met int", [first])):
        with duckdb.connect(str(first)) as connection:
            connection.execute(f"alter table marts.school_coverage {change}")
        published = Published(tmp_path / "published" / "current.duckdb")
        published.newest()
        assert list(published.editions().values()) == offered


def _until(condition: object, seconds: float = 90) -> None:
    assert callable(condition)
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("never came true")
