"""What several folders of tests share."""

from __future__ import annotations

import fcntl
import os
import shutil

import pytest
from hypothesis import settings

from tests.demo.county import DemoCounty
from tests.demo.pipeline import run

# A busy machine must not fail a test, and a failure must come again.
settings.register_profile("timerett", deadline=None, derandomize=True)
settings.load_profile("timerett")


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
