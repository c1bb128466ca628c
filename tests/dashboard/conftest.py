from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from flask import Flask

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader
from dashboard.queries.database import Published
from tests.dashboard.application import application
from tests.dashboard.fixture import build

ReaderFor = Callable[..., Reader]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the small county published in it."""
    folder = tmp_path_factory.mktemp("home")
    published = folder / "published"
    published.mkdir()
    target = build(published / "fixture.duckdb")
    (published / "current.duckdb").symlink_to(target)
    return folder


@pytest.fixture
def reader_for(home: Path) -> ReaderFor:
    published = Published(home / "published" / "current.duckdb")

    def make(
        role: Role, county: str | None = "99", *, schools: tuple[str, ...] = (), **more: object
    ) -> Reader:
        groups = more.get("groups", ())
        assert isinstance(groups, tuple)
        return Reader(published.cursor(), Viewer(role, "test", county, schools, groups), 10)

    return make


@pytest.fixture
def truth(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file without scope or suppression, to compare with."""
    with duckdb.connect(str(home / "published" / "current.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def _running(home: Path) -> Flask:
    return application(home, as_often_as_it_likes=True)


@pytest.fixture
def server(_running: Flask, home: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """One for a file, as a worker is for many readers: what one was answered does not go to another."""
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    return _running


@pytest.fixture
def fresh_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """One that has answered nobody yet."""
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    return application(home)
