"""The models read exactly what the landing contract promises, and the pages about it say the same."""

from __future__ import annotations

import re

import pytest

from ingest.contract import TABLES
from ingest.contract.reference import PAGE, SOURCES, dbt_sources, landing_page

STAGING = SOURCES.parent


def test_the_sources_file_and_the_reference_page_are_those_of_the_contract() -> None:
    remedy = "run `python -m ingest.contract.reference`"
    assert SOURCES.read_text(encoding="utf-8") == dbt_sources(), remedy
    assert PAGE.read_text(encoding="utf-8") == landing_page(), remedy


@pytest.mark.parametrize("model", sorted(STAGING.glob("stg_*.sql")), ids=lambda path: path.stem)
def test_a_staging_model_has_the_columns_of_its_landing_table(model) -> None:  # type: ignore[no-untyped-def]
    selected = re.findall(r"^    (\w+),?$", model.read_text(encoding="utf-8"), flags=re.MULTILINE)
    table = model.stem.removeprefix("stg_")
    assert selected == [*TABLES[table].columns(), "batch_id"]
