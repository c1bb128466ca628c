"""What each build knew is kept, once per date and basis."""

from __future__ import annotations

from pathlib import Path

from tests.dbt.county import County, day
from tests.dbt.warehouse import build, land, rows

EARLIER, LATER = day(5), day(20)


def test_a_trend_shows_what_was_known_then(tmp_path: Path) -> None:
    county = County()
    county.subject("mat", 10)
    county.group("g", "mat")
    for number in range(10):
        county.lesson("g", number, status="cancelled" if number == 8 else "held")
    county.student("s", "mat")
    county.member("s", "g")
    land(tmp_path, county.tables, LATER)
    # The cancellation of day 8 has landed, so it is known on the earlier date as well.
    for as_of in (EARLIER, LATER):
        build(tmp_path, as_of, select="+change_since +coverage_history")
    # The same date again replaces its rows; on the other basis it stands beside them.
    for basis in ("known_then", "recomputed"):
        build(tmp_path, LATER, select="student_subject_status+ school_coverage_history+", basis=basis)
    assert rows(
        tmp_path,
        "select basis, as_of_date, students, students_short from marts.coverage_history order by all",
    ) == [
        ("known_then", EARLIER, 1, 1),
        ("known_then", LATER, 1, 1),
        ("recomputed", LATER, 1, 1),
    ]
    assert rows(
        tmp_path, "select from_date, to_date, status_from, status_to, students from marts.change_since"
    ) == [(EARLIER, LATER, "short", "short", 1)]
