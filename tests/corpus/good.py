"""The good deliveries that are spoiled: a county of two schools and six students, row by row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from ingest.contract import TABLES

Rows = Mapping[str, Sequence[Mapping[str, str]]]
STUDENTS = range(1, 7)
SCHOOLS = ("1001", "1002")
FIRST_DAY, NEXT_DAY = "2026-03-02", "2026-03-03"


def school_of(student: int) -> str:
    return SCHOOLS[student % 2]


def group_of(student: int) -> str:
    return f"g{school_of(student)}"


def roster() -> Rows:
    """What every other report hangs on."""
    year = {"school_year": "2025-26"}
    return {
        "school": [
            {
                "school_id": school,
                "valid_from": "2020-01-01",
                "county_number": "99",
                "name": name,
                "owner": "county",
            }
            for school, name in zip(SCHOOLS, ("Ærfugl vgs", "Åsen, «nye» vgs"), strict=True)
        ],
        "student": [{"student_key": f"s{n}", "county_number": "99"} for n in STUDENTS],
        "enrolment": [
            {
                "enrolment_id": f"e{n}",
                "student_key": f"s{n}",
                "school_id": school_of(n),
                **year,
                "programme_area_code": "STUSP1----",
                "category": "full_time",
                "start_date": "2025-08-18",
                "main_school": "true",
            }
            for n in STUDENTS
        ],
        "subject": [
            {"subject_code": "NOR1260", "name": "Norsk, språk og «tekst»"},
            {"subject_code": "ENG1007", "name": "Engelsk"},
        ],
        "subject_enrolment": [
            {
                "enrolment_id": f"e{n}",
                "subject_code": "NOR1260",
                "start_date": "2025-08-18",
                "subject_status": "E",
            }
            for n in STUDENTS
        ],
        "teaching_group": [
            {"group_id": f"g{school}", "school_id": school, **year, "name": "1STA norsk på høyt nivå"}
            for school in SCHOOLS
        ],
        "group_membership": [
            {"enrolment_id": f"e{n}", "group_id": group_of(n), "start_date": "2025-08-18"} for n in STUDENTS
        ],
    }


def events() -> Rows:
    """What hangs on the roster."""
    return {
        "lesson": [
            {
                "lesson_id": f"l{n}",
                "school_id": school_of(n),
                "starts_at": f"2026-01-{n + 10}T08:00:00Z",
                "ends_at": f"2026-01-{n + 10}T09:00:00Z",
                "status": "held",
                "cover": "substitute",
                "replaces_lesson_id": "l1" if n == 3 else "",
                "cause": "Lærer på kurs, «hele» dagen",
            }
            for n in STUDENTS
        ],
        "lesson_group": [{"lesson_id": f"l{n}", "group_id": group_of(n)} for n in STUDENTS],
        "lesson_subject": [
            {"lesson_id": f"l{n}", "subject_code": "NOR1260", "minutes": "60"} for n in STUDENTS
        ],
        "absence": [
            {
                "absence_id": f"a{n}",
                "enrolment_id": f"e{n}",
                "group_id": group_of(n),
                "lesson_id": f"l{n}",
                "subject_code": "NOR1260",
                "starts_at": f"2026-01-{n + 10}T08:00:00Z",
                "ends_at": f"2026-01-{n + 10}T08:30:00Z",
                "absence_date": f"2026-01-{n + 10}",
                "minutes": "30",
                "code": "§" if n == 2 else "X",
                "on_certificate": "true",
            }
            for n in STUDENTS
        ],
        "decision": [
            {
                "decision_id": f"d{n}",
                "enrolment_id": f"e{n}",
                "subject_code": "NOR1260",
                "kind": "individual_plan",
                "hours": "56.5",
                "valid_from": "2025-08-18",
                "decided_on": "2025-08-20",
            }
            for n in STUDENTS
        ],
        "release": [
            {"release": f"r{n}", "supplier_date": f"2026-01-{n + 10}", "notes": f'Rettet "{n}"; ærlig talt'}
            for n in STUDENTS
        ],
    }


def manifest(folder: Path, day: str = NEXT_DAY) -> None:
    stated = {"extracted_at": f"{day}T05:00:00+01:00", "county_number": "99"}
    (folder / "delivery.json").write_text(json.dumps(stated), encoding="utf-8")


def csv_text(columns: Sequence[str], lines: Sequence[Sequence[str]], separator: str) -> str:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return written.getvalue()


def write_tables(folder: Path, tables: Rows) -> None:
    """One CSV per landing table, with every column of the contract."""
    for table, listed in tables.items():
        columns = list(TABLES[table].columns())
        lines = [[row.get(name, "") for name in columns] for row in listed]
        (folder / f"{table}.csv").write_text(csv_text(columns, lines, ","), encoding="utf-8")


def write_roster(folder: Path) -> None:
    write_tables(folder, roster())


def write_landing(folder: Path) -> None:
    write_tables(folder, {**roster(), **events()})


def write_parquet(folder: Path) -> None:
    """The same as Parquet, every column a text."""
    for table, listed in {**roster(), **events()}.items():
        columns = list(TABLES[table].columns())
        texts = {name: [row.get(name) or None for row in listed] for name in columns}
        pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String)).write_parquet(
            folder / f"{table}.parquet"
        )
