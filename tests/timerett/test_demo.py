"""The demo does its work once, and never among real data."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from tests.demo.county import DemoCounty
from tests.ingest.county import county
from tests.ingest.test_landing_folder import write
from timerett.demo import demo
from timerett.errors import WrongUseError
from timerett.ingestion import ingest


def test_a_second_run_ingests_and_builds_nothing(demo_county: DemoCounty) -> None:
    assert demo_county.again["after"] == demo_county.again["before"]
    assert demo_county.again["said"] == ""


def test_a_delivery_that_comes_later_is_all_that_is_done(demo_county: DemoCounty) -> None:
    headings = [line for line in demo_county.said.splitlines() if "Delivery" in line and " of " in line]
    assert [heading.strip("─ ") for heading in headings] == [
        f"Delivery 1 of 1: {demo_county.deliveries[0].name}",
        f"Delivery 2 of 2: {demo_county.deliveries[1].name}",
    ]


def test_invented_students_never_stand_among_real_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMERETT_HOME", str(tmp_path / "home"))
    out = Console(quiet=True)
    ingest("landing", write(tmp_path / "delivery", county()), delta=False, check=False, out=out)
    with pytest.raises(WrongUseError, match="would mix invented students with them"):
        demo(out, start_server=False)
    assert not (tmp_path / "home" / "demo").exists()
