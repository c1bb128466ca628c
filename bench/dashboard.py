"""The dashboard on a national year: every page, fifty people at once, a publication swapped beneath them.

`python -m bench.dashboard [--home HOME] [--only pages,people,browser]`. A home is made once (a synthetic
county is built four times and multiplied to a country: some ten minutes) and may be used again. Without one
it is made in a temporary folder. Needs Chromium for `browser`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import duckdb
from rich.console import Console

from bench import national
from bench.asking import Click, Served, ask, served, visitor
from bench.bundle import files, print_files
from bench.measuring import Row, print_rows
from bench.walks import Places, every_page, places
from timerett.publish import next_version, point, versions
from timerett.settings import Settings, settings

CALLBACK_GOAL_MS, PEOPLE_GOAL_MS, CONTENT_GOAL_MS = 100.0, 300.0, 1000.0
NEXT = "next.duckdb"
PARTS = ("pages", "people", "browser")


def results(
    home: Path | None = None, *, rounds: int = 8, seconds: float = 60, only: tuple[str, ...] = PARTS
) -> list[Row]:
    """Everything against the goals; what is behind the figures is printed on the way."""
    with ExitStack() as stack:
        where = home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place = prepared(where)
        found = places(place.current)
        server = stack.enter_context(served(where))
        rows: list[Row] = []
        if "pages" in only:
            rows += _pages(server, place, found, rounds)
        server.wait_until_idle()
        if "browser" in only:
            rows += _browser(server, found)
        if "people" in only:
            rows += _people(server, place, seconds)
        return rows


def prepared(home: Path) -> Settings:
    """A national year and an earlier edition of it, published, and the next one beside them."""
    os.environ["TIMERETT_HOME"] = str(home)
    place = settings()
    if not (home / NEXT).exists():
        if place.warehouse.exists() or versions(place):
            raise SystemExit(f"{home} holds something else already; name an empty folder.")
        _make(home, place)
    kept = versions(place)[:2]
    for extra in set(versions(place)) - set(kept):
        extra.unlink()
    point(place.current, kept[-1])
    return place


def _make(home: Path, place: Settings) -> None:
    from timerett.demo import demo  # noqa: PLC0415 - it brings dbt

    county = home / "county"
    os.environ["TIMERETT_HOME"] = str(county)
    demo(Console(quiet=True), start_server=False)
    made = versions(settings())[-3:]
    os.environ["TIMERETT_HOME"] = str(home)
    place.published.mkdir(parents=True, exist_ok=True)
    shutil.copytree(county / "keys", home / "keys", dirs_exist_ok=True)
    shutil.copy(county / "identity.sqlite", home)
    for file in made[:-1]:
        national.multiply(file, next_version(place))
    national.multiply(made[-1], home / NEXT)


@dataclass
class Measured:
    """One page's answers, in milliseconds."""

    click: Click
    first: float = 0.0
    """The first time it is asked for after the server has started."""
    clock: list[float] = field(default_factory=list)
    processor: float = 0.0
    packed: int = 0
    raw: int = 0
    queries: int = 0
    query_ms: float = 0.0


def _pages(server: Served, place: Settings, found: Places, rounds: int) -> list[Row]:
    pages = [Measured(click) for click in every_page(found)]
    with visitor(server.address) as client:
        for page in pages:
            page.first = 1000 * ask(client, page.click).seconds
        server.wait_until_idle()
        for _ in range(4):  # until each worker has seen each page
            for page in pages:
                ask(client, page.click)
        for page in pages:
            before = server.processor_seconds()
            for _ in range(rounds):
                answer = ask(client, page.click)
                if answer.failed:
                    raise RuntimeError(f"{page.click.label}: {answer.failed}")
                page.clock.append(1000 * answer.seconds)
            page.processor = 1000 * (server.processor_seconds() - before) / rounds
            page.packed, page.raw = answer.size, len(answer.content)
    _count_queries(pages)
    print(
        "\nEach page: milliseconds in all and of the processor, kB, and what the first answer asked the file"
    )
    print(f"  {'':<24}{'first':>7}{'p50':>7}{'p95':>7}{'p99':>7}{'cpu':>6}{'kB':>8}{'packed':>8}  queries")
    for page in pages:
        of = [_at(page.clock, percent) for percent in (50, 95, 99)]
        figures = "".join(f"{figure:>7.0f}" for figure in (page.first, *of))
        sizes = f"{page.processor:>6.0f}{page.raw / 1000:>8.0f}{page.packed / 1000:>8.0f}"
        print(f"  {page.click.label:<24}{figures}{sizes}{page.queries:>5} in {page.query_ms:.0f} ms")
    every = [milliseconds for page in pages for milliseconds in page.clock]
    firsts = [page.first for page in pages]
    return [
        Row("a callback, 95 % within", _at(every, 95), "ms", CALLBACK_GOAL_MS),
        Row("the slowest page's median", max(median(page.clock) for page in pages), "ms", CALLBACK_GOAL_MS),
        Row("a page nobody has asked for yet, half within", median(firsts), "ms"),
        Row("a page nobody has asked for yet, 95 % within", _at(firsts, 95), "ms"),
        Row("the largest page, packed", max(page.packed for page in pages) / 1000, "kB"),
        Row("most queries for one page", max(page.queries for page in pages), ""),
    ]


def _count_queries(pages: list[Measured]) -> None:
    """In this process, with nothing remembered: how often a page goes to the file, and for how long."""
    from dashboard.access.answers import Answers  # noqa: PLC0415 - reads the settings when put together
    from dashboard.access.scope import Reader  # noqa: PLC0415
    from dashboard.app import create  # noqa: PLC0415

    spent: list[float] = []
    fetch, of = Reader._fetch, Answers.of

    def timed(reader: Reader, *asked: Any) -> Any:
        started = time.perf_counter()
        try:
            return fetch(reader, *asked)
        finally:
            spent.append(time.perf_counter() - started)

    Reader._fetch = timed  # type: ignore[method-assign]
    try:
        server = create().server
        for page in pages:
            Answers.of = lambda self, question, find, again: find()  # type: ignore[method-assign]
            spent.clear()
            _ask_here(server, page.click)
            page.queries, page.query_ms = len(spent), 1000 * sum(spent)
        print_files(files(server.test_client()))
    finally:
        Reader._fetch, Answers.of = fetch, of  # type: ignore[method-assign]


def _ask_here(server: Any, click: Click) -> None:
    inputs = {"pathname": click.path, "search": click.search}
    payload = {
        "output": "content.children",
        "outputs": {"id": "content", "property": "children"},
        "inputs": [{"id": "address", "property": name, "value": value} for name, value in inputs.items()],
        "changedPropIds": [],
    }
    server.test_client().post("/_dash-update-component", json=payload)


def _people(server: Served, place: Settings, seconds: float) -> list[Row]:
    """A minute to get going, a minute that counts, and a minute with a swap in its first third."""
    old = place.current.resolve()
    builds = [_build_of(old), _build_of(place.home / NEXT)]
    _walked(server, place, builds, seconds / 2)
    steady = _walked(server, place, builds, seconds)
    before = server.megabytes()
    with subprocess.Popen(
        _command(server, place, builds, seconds), stdout=subprocess.PIPE, text=True
    ) as crowd:
        time.sleep(seconds / 3)
        swapped = time.time()
        target = next_version(place)
        os.link(place.home / NEXT, target)
        point(place.current, target)
        told = json.loads(crowd.communicate()[0])
    with visitor(server.address) as client:
        for _ in range(8):
            ask(client, Click("/method", "director"))
    after = [seen for seen in told if seen[1] > swapped]
    first_new = min((seen[1] for seen in after if seen[4] == 2), default=float("inf"))
    last_old = max((seen[1] for seen in after if seen[4] == 1), default=swapped)
    rate = len(steady) / seconds
    return [
        Row("50 people, clicks a second", rate, ""),
        Row("50 people, half within", _at([1000 * seen[2] for seen in steady], 50), "ms"),
        Row("50 people, 95 % within", _at([1000 * seen[2] for seen in steady], 95), "ms", PEOPLE_GOAL_MS),
        Row("50 people, 99 % within", _at([1000 * seen[2] for seen in steady], 99), "ms"),
        Row("failed clicks", _failed(steady), "", 0),
        Row("while swapping, 95 % within", _at([1000 * seen[2] for seen in told], 95), "ms", PEOPLE_GOAL_MS),
        Row("failed clicks while it is swapped", _failed(told), "", 0),
        Row("clicks that show the new figures", sum(seen[4] == 2 for seen in after), "", 1, at_least=True),
        Row("until the first reader sees them", first_new - swapped, "s"),
        Row("until no reader sees the old", last_old - swapped, "s"),
        Row("workers that still hold the old file open", float(server.holds_open(old)), "", 0),
        Row("memory of the workers before the swap", before, "MB"),
        Row("memory of the workers after the swap / before", server.megabytes() / before, "x", 1.5),
    ]  # fmt: skip


def _failed(seen: list[Any]) -> int:
    found = [(one[0], one[3]) for one in seen if one[3]]
    for label, why in found:
        print(f"  failed: {label}: {why}")
    return len(found)


def _walked(server: Served, place: Settings, builds: list[str], seconds: float) -> list[Any]:
    done = subprocess.run(
        _command(server, place, builds, seconds), check=True, stdout=subprocess.PIPE, text=True
    )
    seen: list[Any] = json.loads(done.stdout)
    return seen


def _command(server: Served, place: Settings, builds: list[str], seconds: float) -> list[str]:
    command = [sys.executable, "-m", "bench.people", server.address, str(place.current.resolve())]
    return [*command, "--seconds", str(seconds), "--builds", *builds]


def _build_of(file: Path) -> str:
    with duckdb.connect(str(file), read_only=True) as connection:
        return str(connection.execute("select build_id from marts.publication").fetchall()[0][0])


def _browser(server: Served, found: Places) -> list[Row]:
    from bench.browsing import opened  # noqa: PLC0415 - only this part needs a browser

    pages = opened(server.address, every_page(found))
    print("\nEach page in Chromium, with an empty store and with a full one: milliseconds, requests, kB")
    print(f"  {'':<24}{'paint':>14}{'content':>14}{'largest':>14}{'settled':>14}  requests      kB")
    for click, cold, warm in pages:
        pairs = [(cold.painted, warm.painted), (cold.content, warm.content)]
        pairs += [(cold.largest, warm.largest), (cold.settled, warm.settled)]
        figures = "".join(f"{one:>7.0f}{two:>7.0f}" for one, two in pairs)
        print(
            f"  {click.label:<24}{figures}{cold.fetched:>6}{warm.fetched:>4}"
            f"{cold.bytes / 1000:>8.0f}{warm.bytes / 1000:>6.0f}"
        )
    cold_content = [cold.content for _, cold, _ in pages]
    warm_content = [warm.content for _, _, warm in pages]
    return [
        Row("content in Chromium, nothing stored, 95 % within", _at(cold_content, 95), "ms", CONTENT_GOAL_MS),
        Row("content in Chromium, nothing stored, half within", median(cold_content), "ms"),
        Row("content in Chromium, stored, 95 % within", _at(warm_content, 95), "ms", CONTENT_GOAL_MS),
        Row("requests of a first page", max(cold.fetched for _, cold, _ in pages), ""),
        Row("requests of a page after it", max(warm.fetched for _, _, warm in pages), ""),
    ]


def _at(figures: list[float], percent: int) -> float:
    return quantiles(figures, n=100, method="inclusive")[percent - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="made there if it is not yet, and used again")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", default=",".join(PARTS))
    given = parser.parse_args()
    only = tuple(given.only.split(","))
    rows = results(given.home, rounds=given.rounds, seconds=given.seconds, only=only)
    print_rows("The dashboard on a national year", rows)


if __name__ == "__main__":
    main()
