"""The loss rate by the documented formula, recomputed in plain Python."""

from __future__ import annotations

import pytest

from tests.dbt.county import County, day
from tests.dbt.warehouse import build, land, rows

AS_OF = day(205)
# group: lessons behind it, of these cancelled
GROUPS = {"calm": (200, 10), "stormy": (200, 22), "middling": (200, 15), "young": (4, 1), "unborn": (0, 0)}
LEAST, MOST = 80, 400

Rates = dict[str, tuple[float, float, float]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Rates:
    home = tmp_path_factory.mktemp("forecast")
    county = County()
    county.subject("his", 60)
    for group_id, (lessons, cancelled) in GROUPS.items():
        county.group(group_id, "his")
        for number in range(lessons):
            county.lesson(group_id, number, status="cancelled" if number < cancelled else "held")
        county.lesson(group_id, 210, status="timetabled")
    land(home, county.tables, AS_OF)
    build(home, AS_OF, select="+group_subject_forecast")
    told = rows(
        home, "select group_id, school_rate, prior_lessons, loss_rate from coverage.group_subject_forecast"
    )
    return {group_id: (school, prior, loss) for group_id, school, prior, loss in told}


def _prior_lessons(units: list[tuple[int, float]], centre: float) -> float:
    """Units are (lessons, rate), all with lessons."""
    spread = sum(n * (rate - centre) ** 2 for n, rate in units)
    lessons, squares = sum(n for n, _ in units), sum(n * n for n, _ in units)
    degrees = len(units) - 1
    between = (spread / (centre * (1 - centre)) - degrees) / (lessons - squares / lessons - degrees)
    return min(max(1 / between - 1, LEAST), MOST) if between > 0 else MOST


def test_the_rate_follows_the_formula(found: Rates) -> None:
    units = [(n, lost / n) for n, lost in GROUPS.values() if n]
    county = sum(lost for _, lost in GROUPS.values()) / sum(n for n, _ in GROUPS.values())
    prior = _prior_lessons(units, county)
    assert LEAST < prior < MOST
    for group_id, (n, lost) in GROUPS.items():
        school, told_prior, loss = found[group_id]
        # One school alone is its county.
        assert school == pytest.approx(county)
        assert told_prior == pytest.approx(prior)
        assert loss == pytest.approx((lost + prior * county) / (n + prior), abs=1e-6)


def test_few_lessons_say_little(found: Rates) -> None:
    school, _, young = found["young"]
    assert school < young < 0.5
    assert found["unborn"][2] == pytest.approx(school, abs=1e-6)
    assert 0 < found["calm"][2] < school < found["stormy"][2] < 0.5
