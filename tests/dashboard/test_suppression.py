"""What may not be shown, and what would give it away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.suppression import Reason, Sums, hidden_counts, hidden_sums

SUMS = Sums("students", ["short", "risk", "rest"], {"needing": ["short", "risk"]})


def row(short: int, risk: int, rest: int) -> dict[str, int]:
    return {
        "short": short,
        "risk": risk,
        "rest": rest,
        "needing": short + risk,
        "students": short + risk + rest,
    }


def test_counts_of_the_threshold_and_zero_are_shown() -> None:
    assert hidden_counts([row(10, 0, 30)], SUMS, threshold=10) == {}


def test_a_count_below_the_threshold_is_hidden_with_another_of_its_sum() -> None:
    hidden = hidden_counts([row(9, 20, 70)], SUMS, threshold=10)
    assert hidden == {(0, "short"): Reason.SMALL, (0, "risk"): Reason.COMPLEMENT}


def test_a_small_group_is_hidden_whole() -> None:
    hidden = hidden_counts([row(0, 0, 8)], SUMS, threshold=10)
    assert set(hidden) == {(0, name) for name in SUMS.names}


def test_hidden_counts_that_are_few_together_take_one_more_with_them() -> None:
    hidden = hidden_counts([row(2, 3, 70)], SUMS, threshold=10)
    assert (0, "rest") in hidden


def test_one_hidden_row_of_a_known_total_takes_another_with_it() -> None:
    rows = [row(30, 20, 70), row(20, 20, 60), row(2, 1, 5)]
    assert {i for i, _ in hidden_counts(rows, SUMS, threshold=10)} == {2}
    hidden = hidden_counts(rows, SUMS, adding_up=[range(3)], threshold=10)
    assert {i for i, name in hidden if name == "students"} == {1, 2}


def test_a_threshold_below_five_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 5"):
        hidden_counts([row(1, 1, 1)], SUMS, threshold=4)


counts = st.integers(min_value=0, max_value=40)


@given(st.lists(st.builds(row, counts, counts, counts), min_size=1, max_size=5))
def test_no_sum_gives_a_hidden_count_away(rows: list[dict[str, int]]) -> None:
    """In every sum with a known result, either nothing is hidden, or at least two counts of enough together,
    or nothing is left to hide."""
    hidden = hidden_counts(rows, SUMS, adding_up=[range(len(rows))], threshold=10)
    lines = [[(i, name) for name in line] for line in SUMS.lines() for i in range(len(rows))]
    if len(rows) > 1:
        lines += [[(i, name) for i in range(len(rows))] for name in SUMS.names]
    for line in lines:
        masked = [rows[i][name] for i, name in line if (i, name) in hidden]
        left = [rows[i][name] for i, name in line if (i, name) not in hidden and rows[i][name]]
        assert not masked or not left or (len(masked) > 1 and sum(masked) >= 10)
    for i, shown in enumerate(rows):
        for name in SUMS.names:
            assert (i, name) in hidden or shown[name] == 0 or shown[name] >= 10


def loss(*parts: int) -> dict[str, int]:
    return {"students": max(parts), **{f"n{i}": n for i, n in enumerate(parts)}}


PARTS = ["n0", "n1", "n2"]


def test_a_hidden_cause_takes_the_next_smallest_with_it_and_leaves_the_total() -> None:
    hidden = hidden_sums([loss(4, 30, 20)], PARTS, "students", totals={"lost": PARTS}, threshold=10)
    assert hidden == {(0, "n0"), (0, "n2")}


def test_where_no_cause_is_left_to_hide_the_total_is_hidden() -> None:
    row = {"students": 30, "n0": 4, "n1": 0, "n2": 0}
    assert (0, "lost") in hidden_sums([row], PARTS, "students", totals={"lost": PARTS}, threshold=10)


@given(st.lists(st.builds(loss, counts, counts, counts), min_size=1, max_size=5))
def test_neither_the_row_nor_the_column_gives_a_hidden_sum_away(rows: list[dict[str, int]]) -> None:
    everything = [range(len(rows))]
    hidden = hidden_sums(rows, PARTS, "students", adding_up=everything, totals={"lost": PARTS}, threshold=10)
    told = [{**row, "lost": row["students"]} for row in rows]
    lines = [[(i, name) for name in PARTS] for i in range(len(rows)) if (i, "lost") not in hidden]
    if len(rows) > 1:
        lines += [[(i, name) for i in range(len(rows))] for name in [*PARTS, "lost"]]
    for line in lines:
        masked = [told[i][name] for i, name in line if (i, name) in hidden]
        left = [told[i][name] for i, name in line if (i, name) not in hidden and told[i][name]]
        across = len({i for i, _ in line}) == 1
        assert not masked or (len(masked) > 1 and sum(masked) >= 10) or (not left and not across)
