"""The notebook runs on the demo county and arrives, lesson by lesson, at the figure it set out from."""

from __future__ import annotations

from typing import Any

import pytest

from tests.demo.county import DemoCounty


@pytest.fixture(scope="module")
def run(demo_county: DemoCounty) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIMERETT_HOME", str(demo_county.home))
        from notebooks.student_coverage import app  # noqa: PLC0415 - reads the settings when it runs

        _, definitions = app.run()
    return dict(definitions)


def test_it_opens_on_a_student_who_lacks_hours(run: dict[str, Any]) -> None:
    assert run["pick"].value["status"] == "short"
    assert run["pick"].value["missing_minutes"] == max(row["missing_minutes"] for row in run["worst"])


def test_every_subject_of_the_student_keeps_the_waterfall(run: dict[str, Any]) -> None:
    for row in run["subjects"]:
        kept = row["scheduled"] - row["outside_membership"] - row["cancelled"] - row["diverted"]
        assert kept + row["made_up"] - row["remaining"] == row["offered"]


def test_the_lessons_of_each_step_are_found(run: dict[str, Any]) -> None:
    chosen, lessons = run["chosen"], run["lessons"]
    for step in ("outside_membership", "cancelled", "made_up", "remaining"):
        assert bool(chosen[step]) == bool(lessons.get(step)), step
