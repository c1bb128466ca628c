"""A FINT dump read to landing rows, as a ratio to msgspec's typed pass over the same files, and its peak.

`python -m bench.fint [--schools N] [--rounds N]`: both read the attributes and links that landing needs.
The typed pass decodes each page whole and throws it away; the reader splits, checks, resolves every link,
pseudonymises and writes part files. Each measurement is a process of its own.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from bench.measuring import Cost, Row, cost_of, highest, in_a_process, in_turn, print_rows, ratio, tell
from ingest.identity import Pseudonyms
from ingest.sources import fint
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.forms import form
from ingest.sources.fint.pages import pages_of
from ingest.synthetic import generate

GOAL, MEMORY_GOAL_GB = 2.0, 0.6
GROWTH, GROWTH_GOAL = 4, 1.3
KEY = Pseudonyms(b"a key for the bench, of no use")


class _Link(msgspec.Struct, gc=False):
    href: str


def results(schools: int, rounds: int) -> list[Row]:
    """The reader's time as a ratio to the typed pass, and its memory."""
    with tempfile.TemporaryDirectory() as home:
        return _compared(_county(Path(home), schools), rounds)


def memory(schools: int) -> list[Row]:
    """The peak for four times the schools over the peak for these."""
    peaks = []
    for times in (1, GROWTH):
        with tempfile.TemporaryDirectory() as home:
            peaks.append(_measured("reader", _county(Path(home), schools * times)).gigabytes)
    return [
        Row(f"reading FINT: peak at {GROWTH} x the schools / at 1 x", peaks[1] / peaks[0], "x", GROWTH_GOAL)
    ]


def _compared(folder: Path, rounds: int) -> list[Row]:
    found = in_turn(rounds, {what: partial(_measured, what, folder) for what in _WORK})
    return [
        Row(
            "FINT dump to landing rows / msgspec's typed pass",
            ratio(found["reader"], found["typed"]),
            "x",
            GOAL,
        ),
        Row("peak memory of reading", highest(found["reader"]), "GB", MEMORY_GOAL_GB),
        Row("peak memory of the typed pass", highest(found["typed"]), "GB"),
    ]


def _measured(what: str, folder: Path) -> Cost:
    return in_a_process("bench.fint", "--only", what, "--folder", folder)


def _county(home: Path, schools: int) -> Path:
    generate(home, schools=schools, deliveries=1)
    return next(home.glob("*/fint"))


def _reader(folder: Path) -> Cost:
    with tempfile.TemporaryDirectory() as spool:
        return cost_of(lambda: fint.read(folder, pseudonyms=KEY, spool=Path(spool)))


def _typed_pass(folder: Path) -> Cost:
    shapes = {resource: _page(*asked) for resource, asked in _asked_for().items()}
    pages = [page for page in pages_of(folder) if page.resource in shapes]

    def decode() -> None:
        for page in pages:
            msgspec.json.decode(page.content(), type=shapes[page.resource])

    return cost_of(decode)


def _asked_for() -> dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """What the reader asks of each resource, by reading a dump of nothing."""
    found: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {}

    def batches(
        self: Dump,
        resource: str,
        table: str,
        attributes: tuple[str, ...] = (),
        relations: tuple[str, ...] = (),
    ) -> Iterator[Batch]:
        found[resource] = (resource, attributes, relations)
        return iter(())

    original, Dump.batches = Dump.batches, batches  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "skole.json").write_text('{"total_items": 0}')
        fint.read(Path(folder), pseudonyms=KEY)
    Dump.batches = original  # type: ignore[method-assign]
    return found


def _page(resource: str, attributes: tuple[str, ...], relations: tuple[str, ...]) -> Any:
    """The page as plain structs: identifiers, the attributes asked for, and lists of links."""
    shape = form(resource, attributes)
    fields = [(one.name, one.type, None) for one in msgspec.structs.fields(shape) if one.name != "links"]
    links = msgspec.defstruct(
        "links", [(name, list[_Link], msgspec.field(default_factory=list)) for name in relations], gc=False
    )
    entry = msgspec.defstruct(
        resource,
        [*fields, ("links", links, msgspec.field(default_factory=links))],
        rename={"links": "_links"},
        gc=False,
    )
    embedded = msgspec.defstruct("embedded", [("entries", list[entry])], rename={"entries": "_entries"})  # type: ignore[valid-type]
    return msgspec.defstruct("page", [("embedded", embedded)], rename={"embedded": "_embedded"})


_WORK: dict[str, Callable[[Path], Cost]] = {"typed": _typed_pass, "reader": _reader}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="how memory grows, instead of the ratio")
    parser.add_argument(
        "--folder", type=Path, help="a folder of dumps to read instead of a synthetic county's"
    )
    parser.add_argument("--only", choices=_WORK, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        tell(_WORK[given.only](given.folder))
    elif given.memory:
        print_rows(f"{given.schools} schools, and {GROWTH} times as many", memory(given.schools))
    elif given.folder:
        print_rows(given.folder.name, _compared(given.folder, given.rounds))
    else:
        print_rows(f"FINT dumps of {given.schools} schools", results(given.schools, given.rounds))


if __name__ == "__main__":
    main()
