"""`ingest report FILE --check` as a person runs it: what the file is, what is wrong, and a draft."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.sources.profile import load_profile
from tests.ingest.sources.hal import NUMBER, identity_numbers
from tests.ingest.sources.test_report import DECISION, LESSON, REGISTER

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = os.environ | {"TIMERETT_HOME": str(tmp_path / "home")}

    def command(*arguments: object) -> subprocess.CompletedProcess[str]:
        code = "from timerett.cli import main; main()"
        called = [sys.executable, "-c", code, "ingest", "report", *map(str, arguments)]
        return subprocess.run(called, env=environment, capture_output=True, text=True, check=False)

    return command


def test_a_report_is_shown_as_it_would_land_and_lands_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "timeregister.csv"
    bad = LESSON.replace("T1", "T2").replace("holdt", "kanskje").replace("Lærer på kurs", "Kari Nordmann syk")
    named = LESSON.replace("T1", "T3").replace("01.09.2025", "Kari Nordmann")
    file.write_text(
        f"Timeregister\n\n{REGISTER}\n{LESSON}\n{bad}\n{named}\n{NUMBER};kort\n", encoding="cp1252"
    )
    ended = run(file, "--check")
    assert ended.returncode == 0, ended.stderr
    for text in (
        "Profile: lesson_register, because its name is like timeregister*, and it has all the headings",
        "Header: row 3, 12 columns",
        "Encoding: Windows-1252",
        "Separator: semicolon",
        "lesson.starts_at (date, with the time of day, local to UTC)",
        "2025-09-01 06:15:00+00:00",
        "row 5, lesson.status: is one of planlagt, holdt, avlyst",
        "not so in 1 rows, from this one on, such as «kanskje»",
        "add the code to the profile",
        "row 6, lesson.starts_at",
        "Checked, not landed",
    ):
        assert text in ended.stdout, text
    told = ended.stdout + ended.stderr
    assert "Nordmann" not in told
    assert identity_numbers(told) == []
    assert "nothing changed" not in run(file).stdout


def test_an_unknown_report_gets_a_draft_that_is_then_found_by_itself(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "beslutninger.csv"
    rows = (
        DECISION.replace("Type", "Slag").replace("Vedtaks-ID", "Nummer")
        + "\nV1;E1;;fritak;;01.08.2025;;01.08.2025\n"
    )
    file.write_text(rows)
    draft = tmp_path / "home" / "profiles" / "egen.toml"
    draft.parent.mkdir(parents=True)
    ended = run(file, "--check", "--draft", draft)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "Profile: none fits" in ended.stdout
    assert "cannot be read yet" in ended.stderr
    text = draft.read_text()
    assert 'decision_id = "?"  # FILL IN' in text
    assert "is there already" in run(file, "--check", "--draft", draft).stderr
    draft.write_text(text.replace('decision_id = "?"', 'decision_id = "Nummer"'))
    assert load_profile(draft).files == ["beslutninger*"]
    again = run(file, "--check")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Profile: decision, because its name is like beslutninger*" in again.stdout


def test_wrong_use_is_told(run: Run, tmp_path: Path) -> None:
    ended = run(tmp_path, "--draft", tmp_path / "x.toml")
    assert ended.returncode == 2
    assert "--draft goes with" in ended.stderr
