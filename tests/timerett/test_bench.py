"""`make bench` says of a figure at its goal that the goal is reached, and of one beyond it that it is not."""

from __future__ import annotations

import pytest

from bench.__main__ import PARTS, SCALES
from bench.measuring import Cost, Row, ratio


@pytest.mark.parametrize(
    ("figure", "at_least", "short"),
    [(2.5, False, False), (2.51, False, True), (2.5, True, False), (2.49, True, True)],
)
def test_a_goal_is_reached_at_it(figure: float, at_least: bool, short: bool) -> None:
    assert Row("landing", figure, "x", 2.5, at_least=at_least).falls_short is short


def test_what_has_no_goal_never_falls_short() -> None:
    assert not Row("steps", 400, "").falls_short


def test_a_ratio_is_of_the_same_round() -> None:
    slow, fast = [Cost(2, 0), Cost(20, 0), Cost(6, 0)], [Cost(1, 0), Cost(10, 0), Cost(2, 0)]
    assert ratio(slow, fast) == 2


def test_a_scale_is_wider_than_the_one_before() -> None:
    assert PARTS
    assert SCALES["county"].absences < SCALES["national"].absences
