from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from timerett.warehouse import connect


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(tmp_path / "warehouse.duckdb") as connection:
        yield connection
