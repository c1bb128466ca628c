"""What is laid out for scenarios knows no teacher."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.privacy.search import Secrets
from tests.scenario.conftest import Laid


def test_no_teacher_stands_in_what_is_laid_out(laid: Laid, tmp_path: Path) -> None:
    """Not even by pseudonym: who leads which lessons is told by numbers of this publication."""
    teachers = {row["teacher_key"] for row in laid.tables["lesson_teacher"]}
    assert laid.rows("SELECT count(*) FROM scenario.lesson_leader") > [(0,)]
    shutil.copy(laid.file, tmp_path)
    assert Secrets([], sorted(teachers)).found_below(tmp_path) == {}
