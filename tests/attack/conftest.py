from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from flask import Flask

from tests.attack.counties import build
from tests.dashboard.application import application


@pytest.fixture(scope="session")
def counties_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("counties")
    build(home / "published")
    return home


@pytest.fixture(scope="module")
def _running(counties_home: Path) -> Flask:
    return application(counties_home, as_often_as_it_likes=True)


@pytest.fixture
def server(_running: Flask, counties_home: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """One for a file, as a worker is for many readers: what one was answered must not go to another."""
    monkeypatch.setenv("TIMERETT_HOME", str(counties_home))
    return _running


@pytest.fixture
def truth(counties_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(counties_home / "published" / "current.duckdb"), read_only=True) as connection:
        yield connection
