"""Every row a batch read, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass

import duckdb
import polars as pl

from ingest.delivery import Rejection

Place = tuple[str, str]


class AccountingError(Exception):
    """Rows went missing on the way: a fault in the program, never in the data."""


@dataclass(frozen=True)
class FileAccount:
    """What became of the rows of one file in one table."""

    source_file: str
    table: str
    read: int
    landed: int
    unchanged: int
    superseded: int
    quarantined: int

    @property
    def balances(self) -> bool:
        return self.read == self.landed + self.unchanged + self.superseded + self.quarantined


class Accounts:
    """Counts the rows of one batch by file and table while it lands."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, batch_id: str) -> None:
        self._connection = connection
        self._batch_id = batch_id
        self._read: Counter[Place] = Counter()
        self._fates: dict[str, Counter[Place]] = {
            fate: Counter() for fate in ("landed", "unchanged", "superseded", "quarantined")
        }

    def read(self, table: str, rows: pl.DataFrame) -> None:
        _count(self._read, table, rows)

    def rejected(self, rejections: list[Rejection]) -> None:
        self._read.update((rejection.source_file, rejection.table) for rejection in rejections)

    def superseded(self, table: str, rows: pl.DataFrame) -> None:
        _count(self._fates["superseded"], table, rows)

    def merged(self, table: str) -> None:
        """Count what `judged` says of the table's rows, and what truly stands in landing."""
        rows = self._connection.execute(
            f"""
            SELECT fate, source_file, count(*) FROM judged WHERE batch_id = $batch AND fate <> 'landed'
            GROUP BY fate, source_file
            UNION ALL
            SELECT 'landed', source_file, count(*) FROM landing."{table}" WHERE batch_id = $batch
            GROUP BY source_file
            """,
            {"batch": self._batch_id},
        ).fetchall()
        for fate, file, count in rows:
            self._fates[fate][file, table] += count

    def close(self) -> list[FileAccount]:
        """Write the accounts down; read = landed + unchanged + superseded + quarantined, or nothing lands."""
        rows = self._connection.execute(
            "SELECT source_file, table_name, count(*) FROM landing.quarantine WHERE batch_id = ? "
            "GROUP BY source_file, table_name",
            [self._batch_id],
        ).fetchall()
        for file, table, count in rows:
            self._fates["quarantined"][file, table] = count
        accounts = [
            FileAccount(*place, read, *(of[place] for of in self._fates.values()))
            for place, read in sorted(self._read.items())
        ]
        for account in accounts:
            if not account.balances:
                raise AccountingError(
                    f"{account}: rows do not add up, so nothing has landed. Please report it."
                )
        if accounts:
            self._connection.executemany(
                "INSERT INTO landing.batch_file VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(self._batch_id, *astuple(account)) for account in accounts],
            )
        return accounts


def _count(counter: Counter[Place], table: str, rows: pl.DataFrame) -> None:
    for file, count in rows.group_by("source_file").len().iter_rows():
        counter[file, table] += count
