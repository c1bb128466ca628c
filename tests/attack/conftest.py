from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from flask import Flask

from tests.attack.counties import build


@pytest.fixture(scope="session")
def counties_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("counties")
    build(home / "published")
    return home


@pytest.fixture
def server(counties_home: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("TIMERETT_HOME", str(counties_home))
    from dashboard.app import create  # noqa: PLC0415 - reads the settings when it is put together

    return create().server


@pytest.fixture
def truth(counties_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(counties_home / "published" / "current.duckdb"), read_only=True) as connection:
        yield connection
