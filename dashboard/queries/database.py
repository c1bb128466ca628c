"""The published file: opened read-only, kept open, and opened anew when a build has published another."""

import threading
from pathlib import Path

import duckdb


class NothingPublishedError(Exception):
    """No build has published anything yet."""


class Published:
    def __init__(self, link: Path) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._target: Path | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor on the newest publication; a page is built from one cursor, hence from one of them."""
        with self._lock:
            target = self._link.resolve()
            if self._connection is None or target != self._target:
                if not target.is_file():
                    raise NothingPublishedError
                # The old connection stays alive for as long as a page being built holds a cursor of it.
                self._connection = duckdb.connect(str(target), read_only=True)
                self._target = target
            return self._connection.cursor()
