"""The published files: opened read-only, kept open, and opened anew when a build has published another."""

import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from dashboard.access.answers import Answers

OLDER_KEPT_OPEN = 2
MADE_READY_SECONDS = 20.0
"""How long at most a new publication is asked what the one before was, before it is shown."""
READING_MEMORY = "1GB"
"""Of each worker and open file; without it DuckDB may take most of the machine for one reader."""


class NothingPublishedError(Exception):
    """No build has published anything yet."""


@dataclass(frozen=True)
class Told:
    """What a publication says of itself."""

    as_of: date
    columns: frozenset[tuple[str, str]]
    """Those of all its tables, each with its table."""


@dataclass(frozen=True)
class Edition:
    """One publication, open, with what it has answered already."""

    file: Path
    connection: duckdb.DuckDBPyConnection
    told: Told
    answers: Answers = field(default_factory=Answers)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """For one page: it keeps the publication open until the page is built."""
        return self.connection.cursor()


class Published:
    def __init__(self, link: Path) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._newest: Edition | None = None
        self._coming: Path | None = None
        self._told: dict[Path, Told] = {}
        self._older: dict[Path, Edition] = {}

    def newest(self) -> Edition:
        """The newest publication; a page is built from one edition, hence from one publication.

        A newer one is made ready behind the readers' backs and then taken up between two pages. If the old
        file has been removed, as when a student is erased, nobody sees it again.
        """
        with self._lock:
            target = self._link.resolve()
            now = self._newest
            if now is not None and target in (now.file, self._coming) and now.file.is_file():
                return now
            if not target.is_file():
                raise NothingPublishedError
            if now is None or not now.file.is_file():
                # The old connection stays alive for as long as a page being built holds a cursor of it.
                self._newest = _opened(target)
                return self._newest
            self._coming = target
            threading.Thread(target=self._take_up, args=(target, now), daemon=True).start()
            return now

    def _take_up(self, target: Path, before: Edition) -> None:
        """Until it is done the figures of before are shown; what fails here fails again where it is seen."""
        edition = None
        try:
            edition = _opened(target)
            before.answers.ask_again(edition.cursor(), edition.answers, MADE_READY_SECONDS)
        finally:
            with self._lock:
                if self._coming == target:
                    self._coming = None
                    if edition is not None:
                        self._newest = edition

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor on the newest publication."""
        return self.newest().cursor()

    def editions(self) -> dict[date, Path]:
        """The earlier publications that are kept, by the date of their figures; of one date the last.

        One by an earlier version, without all that pages read today, is not among them.
        """
        with self._lock:
            current = self._link.resolve()
            files = [file for file in sorted(current.parent.glob("serving-*.duckdb")) if file != current]
            for file in files:
                if file not in self._told:
                    with duckdb.connect(str(file), read_only=True) as connection:
                        self._told[file] = _told(connection)
            self._older = {file: edition for file, edition in self._older.items() if file in files}
            needed = self._newest.told.columns if self._newest else frozenset()
            return {self._told[file].as_of: file for file in files if needed <= self._told[file].columns}

    def earlier(self, file: Path) -> Edition:
        """An earlier publication; a few are kept open."""
        with self._lock:
            if file not in self._older:
                while len(self._older) >= OLDER_KEPT_OPEN:
                    self._older.pop(next(iter(self._older)))
                self._older[file] = _opened(file)
            return self._older[file]


def _opened(file: Path) -> Edition:
    connection = duckdb.connect(str(file), read_only=True)
    connection.execute(f"set memory_limit = '{READING_MEMORY}'")
    return Edition(file, connection, _told(connection))


def _told(connection: duckdb.DuckDBPyConnection) -> Told:
    (as_of,) = connection.execute("select as_of_date from marts.publication").fetchall()[0]
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
    ).fetchall()
    return Told(as_of, frozenset(columns))
