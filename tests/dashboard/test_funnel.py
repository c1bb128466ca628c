"""The limits of the funnel plot, and labels that never meet."""

import json
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.suppression import Hidden, Reason
from dashboard.components.figures import funnel as drawing
from dashboard.queries.overview import between_schools, funnel
from dashboard.text import Text

MEAN = 0.2


def school(students: int, share: float, name: str = "A") -> dict[str, Any]:
    return {"school_id": name, "students": students, "share_needing": share}


def test_schools_that_differ_as_chance_makes_them_have_the_limits_of_chance() -> None:
    rows = [school(400, MEAN), school(300, MEAN), school(200, MEAN)]
    limits = funnel(rows, MEAN)
    assert limits is not None
    assert limits.between == 0
    assert limits.limits(400, "inner")[1] == pytest.approx(MEAN + 1.96 * sqrt(MEAN * 0.8 / 400))
    assert limits.is_outside(school(400, 0.27))


def test_schools_that_differ_anyway_widen_the_limits_by_their_variance() -> None:
    far = [0.1, 0.3] * 5
    between = between_schools([(10_000, share) for share in far], MEAN)
    assert between == pytest.approx(0.01 * 10 / 9, rel=0.02)
    limits = funnel([school(10_000, share) for share in far], MEAN)
    assert limits is not None
    assert not limits.is_outside(school(10_000, 0.3))


def test_one_school_that_stands_out_does_not_widen_the_limits_that_show_it() -> None:
    rows = [school(400, MEAN + 0.01 * step) for step in (-2, -1, -1, 0, 0, 0, 0, 1, 1, 2)]
    limits = funnel([*rows, school(400, 0.6)], MEAN)
    assert limits is not None
    assert limits.between < 0.001
    assert limits.is_outside(school(400, 0.6))


def test_hidden_schools_count_for_nothing() -> None:
    hidden = Hidden(Reason.FEW, 10)
    row = {"school_id": "B", "students": 12, "share_needing": hidden}
    limits = funnel([school(400, 0.2), row], MEAN)
    assert limits == funnel([school(400, 0.2)], MEAN)
    assert limits is not None
    assert not limits.is_outside(row)
    assert funnel([row], MEAN) is None
    assert funnel([school(400, 0.2)], hidden) is None


schools = st.lists(
    st.tuples(
        st.integers(10, 1200), st.floats(0.01, 0.99), st.sampled_from(["Elva", "Nordås", "Fjordgløtt"])
    ),
    min_size=1,
    max_size=25,
)


@given(schools)
def test_no_label_meets_another_or_a_mark(found: list[tuple[int, float, str]]) -> None:
    rows = [school(size, share, name) for size, share, name in found]
    limits = funnel(rows, MEAN)
    assert limits is not None
    scale = drawing._scale(rows, limits, 230)
    named = [(row, row["school_id"], drawing.INK) for row in rows if limits.is_outside(row)]
    labels: list[Any] = list(drawing._labels(rows, named, MEAN, "snitt 20,0 %", scale))
    boxes = [
        drawing.Place(note["x"], note["y"] / 100, note["xshift"], note["yshift"]).box(note["text"], scale)
        for note in labels
    ]
    for row in rows:
        x, y = scale.at(row["students"], row["share_needing"])
        reach = drawing.MARK
        mark = drawing.Box(x - reach, x + reach, y - reach, y + reach)
        assert not any(box.meets(mark) for box in boxes)
    assert not any(a.meets(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_the_highest_is_named_where_no_school_is_outside() -> None:
    rows = [school(400, 0.21, "Elva"), school(300, 0.2, "Vika")]
    limits = funnel(rows, MEAN)
    assert limits is not None
    assert not any(limits.is_outside(row) for row in rows)
    plot = drawing.funnel(rows, limits, {"Elva": "Elva", "Vika": "Vika"}, Text("nb"))
    told = [note["text"] for note in plot.children.figure["layout"]["annotations"]]
    assert "Elva" in told
    assert "Vika" not in told


def test_numbers_on_the_axes_follow_the_language() -> None:
    rows = [school(400, 0.2), school(300, 0.3)]
    limits = funnel(rows, MEAN)
    assert limits is not None
    for language, separators in (("nb", ",\u202f"), ("nn", ",\u202f"), ("en", ".,")):
        plot = drawing.funnel(rows, limits, {"A": "A"}, Text(language))
        layout = json.loads(json.dumps(plot.children.figure["layout"]))
        assert layout["separators"] == separators
        assert layout["yaxis"]["ticksuffix"].endswith("%")
