from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.corpus.case import Case, Form
from tests.corpus.judge import Place, Result

Judge = Callable[[Case], Result]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """Runs a case in a home where the good delivery of its form has landed."""
    places: dict[Form, Place] = {}

    def judged(case: Case) -> Result:
        if case.form not in places:
            folder: Path = tmp_path_factory.mktemp("corpus")
            places[case.form] = Place(folder, case.form)
        return places[case.form].judge(case)

    yield judged
