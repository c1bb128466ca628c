"""The published files: opened read-only, kept open, and opened anew when a build has published another."""

import threading
from datetime import date
from pathlib import Path

import duckdb

OLDER_KEPT_OPEN = 2


class NothingPublishedError(Exception):
    """No build has published anything yet."""


class Published:
    def __init__(self, link: Path) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._target: Path | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._dates: dict[Path, date] = {}
        self._older: dict[Path, duckdb.DuckDBPyConnection] = {}

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

    def editions(self) -> dict[date, Path]:
        """The earlier publications that are kept, by the date of their figures; of one date the last."""
        with self._lock:
            current = self._link.resolve()
            files = [file for file in sorted(current.parent.glob("serving-*.duckdb")) if file != current]
            for file in files:
                if file not in self._dates:
                    with duckdb.connect(str(file), read_only=True) as connection:
                        found = connection.execute("select as_of_date from marts.publication").fetchall()
                    self._dates[file] = found[0][0]
            return {self._dates[file]: file for file in files}

    def cursor_of(self, file: Path) -> duckdb.DuckDBPyConnection:
        """A cursor on an earlier publication."""
        with self._lock:
            if file not in self._older:
                while len(self._older) >= OLDER_KEPT_OPEN:
                    self._older.pop(next(iter(self._older)))
                self._older[file] = duckdb.connect(str(file), read_only=True)
            return self._older[file].cursor()
