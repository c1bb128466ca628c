"""What the pipeline left behind, beside the truth about it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

Planted = dict[str, Any]
Row = tuple[Any, ...]
WHEN = "once_the_as_of_date_is_after"


class DemoCounty:
    """`marts` is the publication of the second delivery, `warehouse.landing` what it was built from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "home"
        self.after_first = root / "after-first"
        self.published = root / "published.duckdb"
        self.said = (root / "said.txt").read_text(encoding="utf-8")
        self.again: dict[str, Any] = json.loads((root / "again.json").read_text(encoding="utf-8"))
        self.truth: dict[str, Any] = json.loads((self.home / "demo" / "truth.json").read_text("utf-8"))

    @property
    def deliveries(self) -> list[Path]:
        return [self.home / "demo" / entry["folder"] for entry in self.truth["deliveries"]]

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(str(self.published), read_only=True)
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH '{self.root / 'warehouse.duckdb'}' AS warehouse (READ_ONLY)")
        return connection

    def rows(self, sql: str, *values: object) -> list[Row]:
        return self._connection.execute(sql, list(values)).fetchall()

    def values(self, sql: str, *values: object) -> list[Any]:
        """The first column."""
        return [row[0] for row in self.rows(sql, *values)]

    @cached_property
    def as_of(self) -> date:
        found: date = self.values("SELECT as_of_date FROM marts.publication")[0]
        return found

    @cached_property
    def _student_keys(self) -> dict[str, str]:
        return dict(self.rows("SELECT enrolment_id, student_key FROM warehouse.landing.enrolment"))

    def student(self, enrolment_id: str) -> str:
        return self._student_keys[enrolment_id]

    def students(self, planted: Planted) -> list[str]:
        return [self.student(enrolment_id) for enrolment_id in planted["enrolment_ids"]]

    def last_day_known(self, school_id: str) -> date:
        """The day before the school's last delivery."""
        (facts,) = [school for school in self.truth["school_facts"] if school["school_id"] == school_id]
        return date.fromisoformat(facts["delivered"][-1]) - timedelta(days=1)

    def part(self, name: str) -> str:
        """The one school that plays the part."""
        (found,) = [school["school_id"] for school in self.truth["school_facts"] if school["part"] == name]
        return str(found)

    def planted(self, situation: str) -> list[Planted]:
        """What was planted and can be known by now; never nothing."""
        found = [
            entry
            for entry in self.truth["situations"]
            if entry["situation"] == situation and self._has_come(entry)
        ]
        assert found, f"nothing was planted for {situation}"
        return found

    def _has_come(self, entry: Planted) -> bool:
        when = entry["expect"].get(WHEN)
        return when is None or date.fromisoformat(when) < self.last_day_known(entry["school_id"])

    def coverage(self, student_key: str, *columns: str) -> dict[str, Row]:
        """Subject → the named columns of the student's rows."""
        listed = ", ".join(columns)
        found = self.rows(
            f"SELECT subject_code, {listed} FROM marts.student_subject_coverage "
            "JOIN marts.student_subject_detail AS detail USING (school_year, student_key, subject_code) "
            "WHERE student_key = ?",
            student_key,
        )
        return {row[0]: row[1:] for row in found}
