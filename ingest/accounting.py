"""Every row a batch read, and what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass

import duckdb

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

    def read(self, table: str) -> None:
        """Count what has arrived of a table, good or bad."""
        self._add(self._read, table, "arriving")

    def rejected(self, rejections: list[Rejection]) -> None:
        self._read.update((rejection.source_file, rejection.table) for rejection in rejections)

    def deleted(self, table: str, relation: str) -> None:
        """Count rows that say that others are gone: read, and landed where something went."""
        self._add(self._read, table, relation)
        self._add(self._fates["landed"], table, f"{relation} WHERE found")
        self._add(self._fates["unchanged"], table, f"{relation} WHERE NOT found")

    def count(self, fate: str, table: str, relation: str) -> None:
        """Count this batch's rows of a relation (which may end in a condition) as having met a fate."""
        self._add(self._fates[fate], table, relation)

    def landed_no_longer(self, table: str, relation: str) -> None:
        """What this batch had landed is set aside by the same batch."""
        self._fates["landed"].subtract(self._counted(table, relation))

    def _add(self, counter: Counter[Place], table: str, relation: str) -> None:
        counter.update(self._counted(table, relation))

    def _counted(self, table: str, relation: str) -> Counter[Place]:
        rows = self._connection.execute(
            f"SELECT source_file, count(*) FROM (FROM {relation}) WHERE batch_id = ? GROUP BY source_file",
            [self._batch_id],
        ).fetchall()
        return Counter({(file, table): count for file, count in rows})

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
