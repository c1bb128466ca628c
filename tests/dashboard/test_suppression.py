"""What may not be shown, and what would give it away: every hidden small count is held against a linear
program that knows the rule, the signs and everything that is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from dashboard.access.suppression import Shape, SumOf, hide

THRESHOLD = 10
TREE = (("students", ("needing", "rest")), ("needing", ("short", "risk")))
SHAPE = Shape("students", TREE)
PARTS = ("n0", "n1", "n2")
LOSS = Shape(
    "students",
    sums=(SumOf("lost", ("students",)), *(SumOf(f"m{i}", (f"n{i}",)) for i in range(3))),
    sum_parts=(("lost", ("m0", "m1", "m2")),),
)


def row(short: int, risk: int, rest: int) -> dict[str, int]:
    needing = short + risk
    return {"short": short, "risk": risk, "rest": rest, "needing": needing, "students": needing + rest}


def loss(*parts: int) -> dict[str, int]:
    """Students behind each cause, and an hour for each of them."""
    counts = {f"n{i}": n for i, n in enumerate(parts)}
    minutes = {f"m{i}": 60 * n for i, n in enumerate(parts)}
    return {"students": max(parts), **counts, **minutes, "lost": 60 * sum(parts)}


def test_counts_of_the_threshold_and_noughts_are_shown() -> None:
    assert hide([row(10, 0, 30)], SHAPE, threshold=THRESHOLD) == set()


def test_a_small_count_is_hidden_with_another_of_its_sum() -> None:
    assert hide([row(9, 20, 70)], SHAPE, threshold=THRESHOLD) == {(0, "short"), (0, "risk")}


def test_a_small_group_is_hidden_whole() -> None:
    assert hide([row(0, 0, 8)], SHAPE, threshold=THRESHOLD) == {(0, name) for name in SHAPE.tree}


def test_small_counts_that_are_few_together_take_more_with_them() -> None:
    assert (0, "rest") in hide([row(2, 3, 70)], SHAPE, threshold=THRESHOLD)


def test_small_counts_cover_each_other_only_where_either_has_room() -> None:
    """1 + 9 = 10 leaves room for both; 1 and ten ones do not, as each is known to be one at least."""
    assert (0, "rest") not in hide([row(1, 9, 70)], SHAPE, threshold=THRESHOLD)
    ones = Shape("students", (("students", (*(f"k{i}" for i in range(10)), "large")),))
    counts = {**{f"k{i}": 1 for i in range(10)}, "large": 90, "students": 100}
    assert (0, "large") in hide([counts], ones, threshold=THRESHOLD)


def test_where_the_total_of_the_rows_is_known_a_hidden_count_takes_another_with_it() -> None:
    rows = [row(30, 20, 70), row(20, 20, 60), row(2, 1, 5)]
    assert {i for i, _ in hide(rows, SHAPE, threshold=THRESHOLD)} == {2}
    hidden = hide(rows, SHAPE, threshold=THRESHOLD, total=True)
    assert {i for i, name in hidden if name == "students"} == {1, 2}


def test_how_many_are_left_is_a_count_too() -> None:
    shape = Shape("students", others=("warned",))
    assert hide([{"students": 30, "warned": 27}], shape, threshold=THRESHOLD) == {(0, "warned")}


def test_a_threshold_below_five_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 5"):
        hide([row(1, 1, 1)], SHAPE, threshold=4)


def test_a_sum_is_hidden_with_the_count_it_rests_on() -> None:
    shape = Shape("students", TREE, sums=(SumOf("minutes", ("risk",)),))
    assert (0, "minutes") in hide([{**row(9, 20, 70), "minutes": 600}], shape, threshold=THRESHOLD)


def test_a_hidden_cause_takes_the_smallest_that_covers_it_and_leaves_the_total() -> None:
    assert hide([loss(4, 30, 20)], LOSS, threshold=THRESHOLD) == {(0, "m0"), (0, "m2")}


def test_where_no_cause_is_left_to_hide_the_total_is_hidden() -> None:
    assert (0, "lost") in hide([{**loss(4, 0, 0), "students": 30}], LOSS, threshold=THRESHOLD)


counts = st.integers(min_value=0, max_value=40)
tables = st.lists(st.builds(row, counts, counts, counts), min_size=1, max_size=6)


@given(tables)
def test_every_count_below_the_threshold_agrees_with_all_that_is_shown(rows: list[dict[str, int]]) -> None:
    """The totals of the columns are shown where the same rule lets them be."""
    hidden = hide(rows, SHAPE, threshold=THRESHOLD, total=True)
    together = {name: sum(one[name] for one in rows) for name in SHAPE.tree}
    above = hide([together], SHAPE, threshold=THRESHOLD)
    shown = [(f"{i}", one, {n for at, n in hidden if at == i}) for i, one in enumerate(rows)]
    table = [("all", together, {name for _, name in above}), *shown]
    for at, one, names in table:
        for name in SHAPE.tree:
            assert name in names or one[name] == 0 or one[name] >= THRESHOLD
            if 0 < one[name] < THRESHOLD:
                low, high = between(table, at, name)
                assert low <= 1, (at, name)
                assert high >= THRESHOLD - 1, (at, name)


def between(table: list[tuple[str, dict[str, int], set[str]]], at: str, name: str) -> tuple[float, float]:
    """The smallest and the largest that the count can be."""
    place = {(i, n): k for k, (i, n) in enumerate((i, n) for i, _, _ in table for n in SHAPE.tree)}
    equations = [
        {place[i, total]: -1, **{place[i, part]: 1 for part in parts}}
        for i, _, _ in table
        for total, parts in TREE
    ]
    equations += [
        {place["all", n]: -1, **{place[i, n]: 1 for i, _, _ in table if i != "all"}} for n in SHAPE.tree
    ]
    matrix = [[row.get(k, 0) for k in range(len(place))] for row in equations]
    bounds = [(0, None) if n in names else (one[n], one[n]) for _, one, names in table for n in SHAPE.tree]
    cost = [float(k == place[at, name]) for k in range(len(place))]
    nothing = [0] * len(matrix)
    low = linprog(cost, A_eq=matrix, b_eq=nothing, bounds=bounds)
    high = linprog([-c for c in cost], A_eq=matrix, b_eq=nothing, bounds=bounds)
    return low.fun, (float("inf") if high.status == 3 else -high.fun)


@given(st.lists(st.builds(loss, counts, counts, counts), min_size=1, max_size=5))
def test_no_sum_over_few_is_alone_in_its_row_or_its_column(rows: list[dict[str, int]]) -> None:
    hidden = hide(rows, LOSS, threshold=THRESHOLD, total=True)
    for i, one in enumerate(rows):
        for k in range(3):
            if not 0 < one[f"n{k}"] < THRESHOLD:
                continue
            assert (i, f"m{k}") in hidden
            across = {name for at, name in hidden if at == i}
            down = {at for at, name in hidden if name == f"m{k}"}
            of_all = sum(other[f"n{k}"] for other in rows)
            assert "lost" in across or len(across) > 1
            assert len(down) > 1 or of_all < THRESHOLD or len(rows) == 1
