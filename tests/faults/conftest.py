"""What the tests of faults share: a small county, and a dashboard that must keep answering."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from ingest.synthetic import generate
from tests.faults.home import SmallCounty
from tests.faults.watch import Watch
from timerett.build import build
from timerett.demo import SOURCES
from timerett.ingestion import ingest


@pytest.fixture(scope="session")
def small_county(tmp_path_factory: pytest.TempPathFactory) -> SmallCounty:
    """Made by the first test process that asks while the others wait."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "small-county"
    with root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "done").exists():
            shutil.rmtree(root, ignore_errors=True)
            _make(SmallCounty(root))
            (root / "done").touch()
    return SmallCounty(root)


def _make(county: SmallCounty) -> None:
    """What the commands do, in this process, which need not begin anew for each."""
    generate(county.root / "county", schools=1, deliveries=2, size=0.1)
    out = Console(file=StringIO())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIMERETT_HOME", str(county.after))
        for delivery, home in zip(county.deliveries, (county.before, county.after), strict=True):
            for source, name in SOURCES:
                if (delivery / name).is_dir():
                    ingest(source, delivery / name, delta=False, check=False, out=out)
            build(as_of=None, out=out)
            if home == county.before:
                shutil.copytree(county.after, home, symlinks=True)


@pytest.fixture
def watch() -> Iterator[Callable[[Path], Watch]]:
    """A dashboard on a home, asked again and again until the test ends."""
    with ExitStack() as stack:
        yield lambda home: stack.enter_context(Watch(home))
