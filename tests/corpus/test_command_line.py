"""A sample of the corpus by the real command, in a process of its own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.corpus import fint, landing, oneroster, parquet, reports, sheets, workbooks
from tests.corpus.case import Case, Outcome
from tests.corpus.command import run

CODES = {Outcome.REFUSED: 2, Outcome.STOPPED: 1, Outcome.LANDED: 0, Outcome.QUARANTINED: 0}
SAMPLE = [
    *("absence.csv, a hundred contradictions", "absence.csv, only NUL bytes", "cut at half"),
    *("fravarsregistrering, nested 100,000 deep inside an entry", "fravarsregistrering, cut inside quotes"),
    *("fravaer.csv, column left out", "fravaer.xlsx, a billion laughs", "pakke.zip, cut at 30 %"),
    *("skjema.xlsx, sheet is a web page",),
]


def _sample() -> list[Case]:
    every = [
        *(*landing.csv_cases(), *parquet.parquet_cases(), *fint.cases(), *reports.csv_cases()),
        *(*workbooks.excel_cases(), *oneroster.cases(), *sheets.cases()),
    ]
    return [case for case in every if case.mutation in SAMPLE]


def test_every_sampled_case_is_there() -> None:
    assert {case.mutation for case in _sample()} == set(SAMPLE)


@pytest.mark.parametrize("case", _sample(), ids=lambda case: case.mutation)
def test_the_command_ends_with_a_message_and_a_code(tmp_path: Path, case: Case) -> None:
    folder = tmp_path / "levering"
    folder.mkdir()
    case.form.write(folder)
    case.spoil(folder)
    ended = run(tmp_path / "home", "ingest", case.form.source, folder / (case.target or case.form.target))
    assert ended.code in {CODES[outcome] for outcome in case.ends}, ended.said
    assert not re.search("Traceback|Unforeseen|<class", ended.said), ended.said
    assert ended.said.strip()
    shutil.rmtree(tmp_path / "home")
