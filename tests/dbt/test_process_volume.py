"""How many cases a work process has: what the extracts hold goes before what a sheet says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.dbt.county import SCHOOL, County, day
from tests.dbt.warehouse import build, land, rows

AS_OF = day(20)
JUNE, AUGUST, SEPTEMBER = date(2018, 6, 1), date(2018, 8, 1), date(2018, 9, 1)


def process(code: str, volume_source: str, change_kind: str = "changed") -> dict[str, Any]:
    return {
        "process_code": code,
        "name": code,
        "name_en": code,
        "role": "teacher",
        "change_kind": change_kind,
        "unit": "one",
        "owner": "principal",
        "volume_source": volume_source,
    }


def test_extracts_count_where_they_hold_the_process_and_the_sheet_stands_beside(tmp_path: Path) -> None:
    county = County()
    county.subject("mat", 10)
    for group in ("g1", "g2"):
        county.group(group, "mat")
        for number in range(4):
            county.lesson(group, number, cover="substitute" if number == 3 else None)
    county.lesson("g1", 4, status="cancelled")
    # Two groups taught jointly are one lesson.
    county.rows["lesson_group"].append({"lesson_id": "g1-0", "group_id": "g2"})
    county.lesson("g1", 21)
    county.student("s", "mat")
    county.member("s", "g1")
    county.member("s", "g2", 3)
    county.absence("s", "g1", 1, "X")
    county.absence("s", "g1", 2, "X")
    county.rows["work_process"] = [
        process("ABS", "absence"),
        process("SUBST", "lesson(substitute)"),
        process("JOINT", "lesson_group"),
        process("MOVE", "sheet;group_membership"),
        process("GRADE", "sheet"),
    ]
    for code, month, cases in (
        ("ABS", JUNE, 9),
        ("ABS", AUGUST, 5),
        ("ABS", SEPTEMBER, 7),
        ("GRADE", AUGUST, 30),
    ):
        county.rows["process_volume"].append(
            {"process_code": code, "school_id": SCHOOL, "month": month, "cases": cases}
        )
    land(tmp_path, county.tables, AS_OF)
    build(tmp_path, AS_OF, select="+process_volume")
    found = rows(
        tmp_path,
        "select process_code, month, cases, counted_from, extract_cases, sheet_cases, difference"
        " from marts.process_volume order by all",
    )
    assert found == [
        ("ABS", JUNE, 9, "sheet", None, 9, None),
        ("ABS", AUGUST, 2, "extract", 2, 5, 3),
        ("ABS", SEPTEMBER, 0, "extract", 0, 7, 7),
        ("GRADE", AUGUST, 30, "sheet", None, 30, None),
        ("JOINT", AUGUST, 1, "extract", 1, None, None),
        ("MOVE", AUGUST, 1, "extract", 1, None, None),
        ("SUBST", AUGUST, 2, "extract", 2, None, None),
    ]
