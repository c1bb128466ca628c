"""A FINT dump read to landing rows, as a ratio to msgspec's typed pass over the same files, and its peak.

`python -m bench.fint [--schools N] [--rounds N]`: both read the attributes and links that landing needs.
The typed pass decodes each page whole and throws it away; the reader splits, checks, resolves every link,
pseudonymises and writes part files. Each measurement is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ingest.identity import Pseudonyms
from ingest.sources import fint
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.forms import form
from ingest.sources.fint.pages import pages_of
from ingest.synthetic import generate

LIMIT, LIMIT_GB = 2.0, 0.6
KEY = Pseudonyms(b"a key for the bench, of no use")


@dataclass(frozen=True)
class Cost:
    seconds: float
    gigabytes: float


class _Link(msgspec.Struct, gc=False):
    href: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--folder", type=Path, help="a folder of dumps to read instead of a synthetic county's"
    )
    parser.add_argument("--only", choices=("typed", "reader"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        print(json.dumps(_measured(given.only, given.folder)))
        return
    with tempfile.TemporaryDirectory() as home:
        folder = given.folder or _county(Path(home), given.schools)
        _compare(folder, given.rounds)


def _compare(folder: Path, rounds: int) -> None:
    size = sum(page.size for page in pages_of(folder)) / 1e6
    found: dict[str, list[Cost]] = {"typed": [], "reader": []}
    for _ in range(rounds):
        for what, costs in found.items():
            costs.append(_in_a_process(what, folder))
    middle = {what: statistics.median(cost.seconds for cost in costs) for what, costs in found.items()}
    peak = {what: max(cost.gigabytes for cost in costs) for what, costs in found.items()}
    ratio = statistics.median(
        mine.seconds / theirs.seconds for mine, theirs in zip(found["reader"], found["typed"], strict=True)
    )
    print(f"{size:.0f} MB of FINT dumps, medians of {rounds} interleaved rounds")
    print(f"{'msgspec typed pass':<22} {middle['typed']:7.2f} s   {peak['typed']:5.2f} GB")
    print(f"{'read to landing rows':<22} {middle['reader']:7.2f} s   {peak['reader']:5.2f} GB")
    print(f"{'reader / typed pass':<22} {ratio:7.2f}     goal <= {LIMIT}, in <= {LIMIT_GB} GB")


def _county(home: Path, schools: int) -> Path:
    generate(home, schools=schools, deliveries=1)
    return next(home.glob("*/fint"))


def _in_a_process(what: str, folder: Path) -> Cost:
    command = [sys.executable, "-m", "bench.fint", "--only", what, "--folder", str(folder)]
    return Cost(*json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def _measured(what: str, folder: Path) -> tuple[float, float]:
    """Seconds, and the peak of the process in GB."""
    if what == "typed":
        seconds = _typed_pass(folder)
    else:
        with tempfile.TemporaryDirectory() as spool:
            started = time.perf_counter()
            fint.read(folder, pseudonyms=KEY, spool=Path(spool))
            seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _typed_pass(folder: Path) -> float:
    shapes = {resource: _page(*asked) for resource, asked in _asked_for().items()}
    pages = [page for page in pages_of(folder) if page.resource in shapes]
    started = time.perf_counter()
    for page in pages:
        msgspec.json.decode(page.content(), type=shapes[page.resource])
    return time.perf_counter() - started


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


if __name__ == "__main__":
    main()
