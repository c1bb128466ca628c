"""The command as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.ingest.county import county
from tests.ingest.test_landing_folder import write

NUMBER = "13097248022"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = os.environ | {"TIMERETT_HOME": str(tmp_path / "home")}

    def command(*arguments: object) -> subprocess.CompletedProcess[str]:
        code = "from timerett.cli import main; main()"
        called = [sys.executable, "-c", code, *map(str, arguments)]
        return subprocess.run(called, env=environment, capture_output=True, text=True, check=False)

    return command


def test_a_delivery_lands_once_and_is_told_in_status(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "delivery", county())
    first = run("ingest", "landing", folder)
    assert first.returncode == 0, first.stderr
    assert "Landed as landing-" in first.stdout
    assert "nothing changed" in run("ingest", "landing", folder).stdout
    assert "landing" in run("status").stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("ingest", "landing", "nowhere"), "nowhere: no such file or folder"),
        (("ingest", "fax", "."), "fax: no such source. Expected one of"),
        (("build",), "Nothing has landed yet"),
        (("export", "out"), "Nothing is published yet"),
        (("digest", "out"), "Nothing is published yet"),
        (("report", "authority", "out.pdf", "--county", "32"), "Nothing is published yet"),
        (("synth", ".", "--years", "2025-26"), "is not empty"),
    ],
)
def test_wrong_use_ends_with_two_and_says_what_to_do(
    run: Run, arguments: tuple[str, ...], complaint: str
) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr


def test_too_many_bad_rows_end_with_one(run: Run, tmp_path: Path) -> None:
    rows = {"student": [{"student_key": f"s{n}", "county_number": "x"} for n in range(101)]}
    ended = run("ingest", "landing", write(tmp_path / "delivery", rows))
    assert ended.returncode == 1
    assert "nothing has landed" in ended.stderr
    assert "nothing has landed" in run("status").stdout


def test_no_identity_number_reaches_any_file_or_message(run: Run, tmp_path: Path) -> None:
    rows = county()
    rows["student"].append({"student_key": NUMBER, "county_number": "99"})
    rows["lesson"][0]["cause"] = f"vikar for {NUMBER[:6]} {NUMBER[6:]}"
    rows["lesson"][0]["status"] = "cancelled"
    for row in rows["lesson"][1:]:
        row["cause"] = ""
    ended = run("ingest", "landing", write(tmp_path / "delivery", rows))
    assert ended.returncode == 0, ended.stderr
    assert NUMBER not in ended.stdout + ended.stderr
    for file in (tmp_path / "home").rglob("*"):
        if file.is_file():
            assert NUMBER.encode() not in file.read_bytes(), file
            assert NUMBER[6:].encode() not in file.read_bytes(), file
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as connection:
        rules = connection.execute(
            "SELECT DISTINCT rule FROM landing.quarantine WHERE NOT is_orphan"
        ).fetchall()
    assert rules == [("must not hold a national identity number",)]
