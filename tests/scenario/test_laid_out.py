"""What is laid out for scenarios knows nobody the published figures do not know, and no teacher at all."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.privacy.search import Secrets
from tests.scenario.conftest import Laid


def test_no_teacher_stands_in_it(laid: Laid, tmp_path: Path) -> None:
    """Not even by pseudonym: who leads which lessons is told by numbers of this publication."""
    teachers = {row["teacher_key"] for row in laid.tables["lesson_teacher"]}
    assert laid.rows("SELECT count(*) FROM scenario.lesson_leader") > [(0,)]
    shutil.copy(laid.file, tmp_path)
    assert Secrets([], sorted(teachers)).found_below(tmp_path) == {}


def test_whoever_has_no_published_row_has_none_in_it(laid: Laid) -> None:
    """So who is erased, or whose year is let go, is gone from it with the next publication."""
    for table in ("entitled_enrolment", "absence_registration", "decision_in_force"):
        assert not laid.rows(
            f"SELECT student_key FROM scenario.{table} EXCEPT SELECT student_key FROM marts.student_coverage"
        ), table
