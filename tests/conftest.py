"""What several folders of tests share."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.demo.county import DemoCounty
from tests.demo.pipeline import run

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A busy machine must not fail a test, and a failure must come again.
settings.register_profile("timerett", deadline=None, derandomize=True)
settings.load_profile("timerett")


# What takes longest begins, so that no worker is left alone with it, and whatever builds something that
# others wait for is not asked for by two workers at once. All other files follow as they are found.
FIRST = (
    "browser/test_everyone.py",
    "demo/test_students.py",
    "faults/test_kill.py",
    "scenario/test_same_arithmetic.py",
    "golden/test_golden.py",
    "attack/test_suppression_attack.py",
    "attack/test_scope.py",
    "golden/test_random_counties.py",
    "dbt/test_mergers.py",
    "faults/test_machine.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folder = Path(__file__).parent
    places = {folder / name: place for place, name in enumerate(FIRST)}
    assert all(file.exists() for file in places)
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def demo_county(tmp_path_factory: pytest.TempPathFactory) -> DemoCounty:
    """The pipeline's work, done by the first test process that asks while the others wait."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo-county"
    with root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = root / "done"
        if not done.exists():
            shutil.rmtree(root, ignore_errors=True)
            run(root)
            done.touch()
    return DemoCounty(root)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for a test process: a second cannot be driven from it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "no Chromium on this machine: make chromium installs it"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()
