"""One delivery into the landing tables: validated whole, in one transaction, every row accounted for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb
import polars as pl

from ingest.accounting import Accounts, FileAccount
from ingest.bridge import fetch
from ingest.contract import TABLES
from ingest.delivery import Delivery, SourceError
from ingest.departure import lay_out_deletions
from ingest.duplicates import settle_copies
from ingest.erased import RULE as REFUSED
from ingest.erased import Erased, Refusal
from ingest.merge import Task, merge
from ingest.parts import counties
from ingest.precedence import is_report, lay_out
from ingest.progress import NoProgress, Progress
from ingest.quarantine import keep_rejections, tables_waiting, take_over_repeated
from ingest.staging import Staging, UnsureError, relations

BAD_SHARE = 0.02
BAD_ROWS_ALWAYS_ALLOWED = 100
SHOWN_FAULTS = 5


class BatchStoppedError(Exception):
    """Too many bad rows: nothing has landed."""


@dataclass(frozen=True)
class Landed:
    """The outcome of one batch."""

    batch_id: str
    already_landed: bool
    accounts: list[FileAccount]
    reasons: pl.DataFrame

    @property
    def quarantined(self) -> int:
        return sum(account.quarantined for account in self.accounts)


def land(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    *,
    check: bool = False,
    progress: Progress | None = None,
    erased: Erased | None = None,
) -> Landed:
    """Land a delivery, or with `check` only say what would become of it."""
    digest = content_hash(delivery)
    batch_id = f"{delivery.source}-{delivery.extracted_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:12]}"
    known = connection.execute("SELECT 1 FROM landing.batch WHERE batch_id = ?", [batch_id]).fetchall()
    if known:
        return Landed(batch_id, True, [], pl.DataFrame())
    county = delivery.county_number or _inferred_county(connection, delivery)
    line_by_line: frozenset[str] = frozenset()
    while True:
        try:
            with _transaction(connection, commit=not check):
                batch = _Batch(connection, delivery, batch_id, county, erased or Erased())
                return batch.land(digest, line_by_line, progress or NoProgress())
        except UnsureError as unsure:
            line_by_line |= {unsure.file}


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection, *, commit: bool) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT" if commit else "ROLLBACK")


def content_hash(delivery: Delivery) -> str:
    """The same for the same delivery: its source, scope, time and every row."""
    digest = hashlib.sha256()
    schools = sorted(delivery.schools) if delivery.schools is not None else None
    head = (
        delivery.source,
        delivery.kind,
        delivery.county_number,
        delivery.extracted_at.astimezone(UTC),
        schools,
    )
    digest.update(repr(head).encode())
    digest.update(delivery.digest.encode())
    return digest.hexdigest()


class _Batch:
    """One batch while it lands, inside its transaction."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        delivery: Delivery,
        batch_id: str,
        county: str | None,
        erased: Erased,
    ) -> None:
        self._connection = connection
        self._delivery = delivery
        self._batch_id = batch_id
        self._county = county
        self._accounts = Accounts(connection, batch_id)
        self._refusal = Refusal(connection, erased)
        self._shrunk: set[str] = set()

    def land(self, digest: str, line_by_line: frozenset[str], progress: Progress) -> Landed:
        delivery = self._delivery
        unknown = sorted({*delivery.parts, *delivery.deletions} - set(TABLES))
        if unknown:
            raise SourceError(f"{', '.join(unknown)}: no such landing table. Expected: {', '.join(TABLES)}.")
        self._register(digest)
        keep_rejections(self._connection, delivery.rejections)
        self._accounts.rejected(delivery.rejections)
        staging = Staging(self._connection, self._accounts, line_by_line)
        concerned = {*delivery.parts, *delivery.deletions, *tables_waiting(self._connection)}
        try:
            for table in TABLES:
                if table in concerned or self._shrunk:
                    self._bring_in(table, staging, progress)
        finally:
            progress.finish()
        self._refusal.empty_quarantine()
        accounts = self._accounts.close()
        reasons = self._reasons()
        _stop_if_too_bad(accounts, reasons)
        take_over_repeated(self._connection)
        staging.leave()
        return Landed(self._batch_id, False, accounts, reasons)

    def _bring_in(self, table: str, staging: Staging, progress: Progress) -> None:
        """One table: its good rows, one per key, into landing; the bad ones into quarantine."""
        delivery = self._delivery
        parts = delivery.parts.get(table, [])
        if parts:
            progress.start(f"Landing {table}", sum(part.rows for part in parts))
        staging.fill(table, parts)
        self._refusal.refuse(table)
        settle_copies(self._connection, table, self._accounts)
        deletions = delivery.deletions.get(table, [])
        if deletions:
            with relations(self._connection, deletions) as names:
                lay_out_deletions(self._connection, table, names)
        task = Task(
            table,
            delivered=table in delivery.parts,
            replaces=delivery.kind == "full",
            by_school=delivery.schools is not None or is_report(delivery),
            deletes=bool(deletions),
        )
        merge(self._connection, task, self._accounts, self._shrunk)

    def _register(self, digest: str) -> None:
        delivery = self._delivery
        self._connection.execute(
            "INSERT INTO landing.batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'landed')",
            [
                self._batch_id,
                delivery.source,
                self._county,
                delivery.kind,
                delivery.extracted_at,
                _next_moment(self._connection),
                digest,
                delivery.synthetic,
            ],
        )
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE this_batch AS SELECT * FROM landing.batch WHERE batch_id = ?",
            [self._batch_id],
        )
        lay_out(self._connection, delivery)

    def _reasons(self) -> pl.DataFrame:
        return fetch(
            self._connection,
            """
            SELECT source_file, table_name, column_name, rule, is_orphan, count(*) AS rows,
                min(source_row) AS first_row
            FROM landing.quarantine WHERE batch_id = ?
            GROUP BY source_file, table_name, column_name, rule, is_orphan
            ORDER BY rows DESC, source_file, first_row
            """,
            [self._batch_id],
        )


def _inferred_county(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> str | None:
    """The one county the rows name, else the one county this source has delivered for before."""
    for table in ("student", "school"):
        named = counties(connection, delivery.parts.get(table, []))
        if len(named) == 1:
            return named.pop()
    known = connection.execute(
        "SELECT DISTINCT county_number FROM landing.batch WHERE source = ? AND county_number IS NOT NULL",
        [delivery.source],
    ).fetchall()
    return str(known[0][0]) if len(known) == 1 else None


def _next_moment(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Now, but after every batch before: what came last rules, also where the clock has gone backwards."""
    newest = connection.execute("SELECT max(loaded_at) FROM landing.batch").fetchall()[0][0]
    now = datetime.now(UTC)
    return max(now, newest.astimezone(UTC) + timedelta(microseconds=1)) if newest else now


def _stop_if_too_bad(accounts: list[FileAccount], reasons: pl.DataFrame) -> None:
    faults = reasons.filter(~pl.col("is_orphan") & (pl.col("rule") != REFUSED))
    bad = int(faults["rows"].sum())
    read = sum(account.read for account in accounts)
    if bad <= max(BAD_SHARE * read, BAD_ROWS_ALWAYS_ALLOWED):
        return
    lines = [
        f"  {file}, row {row}{f', column {column}' if column else ''}: {rule} ({rows} rows)"
        for file, column, rule, rows, row in faults.head(SHOWN_FAULTS)
        .select("source_file", "column_name", "rule", "rows", "first_row")
        .iter_rows()
    ]
    raise BatchStoppedError(
        f"{bad} of {read} rows are bad, more than {BAD_SHARE:.0%}: nothing has landed. "
        "Correct the extract and deliver it again. Most often:\n" + "\n".join(lines)
    )
