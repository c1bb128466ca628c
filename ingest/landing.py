"""One delivery into the landing tables: validated whole, in one transaction, every row accounted for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb
import polars as pl

from ingest.accounting import Accounts, FileAccount
from ingest.bridge import fetch, store
from ingest.contract import TABLES
from ingest.delivery import Delivery, SourceError
from ingest.duplicates import distinct
from ingest.erased import RULE as REFUSED
from ingest.erased import Erased, Refusal
from ingest.merge import merge
from ingest.precedence import is_report, lay_out, rank_of
from ingest.progress import NoProgress, Progress
from ingest.quarantine import keep_bad_rows, keep_first_seen, keep_rejections, tables_waiting
from ingest.validation import ORIGIN, validate

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
    told = progress or NoProgress()
    digest = content_hash(delivery)
    batch_id = f"{delivery.source}-{delivery.extracted_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:12]}"
    known = connection.execute("SELECT 1 FROM landing.batch WHERE batch_id = ?", [batch_id]).fetchall()
    if known:
        return Landed(batch_id, True, [], pl.DataFrame())
    connection.execute("BEGIN")
    try:
        outcome = _Batch(connection, delivery, batch_id, digest, erased or Erased()).land(told)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        told.finish()
    connection.execute("ROLLBACK" if check else "COMMIT")
    return outcome


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
        digest: str,
        erased: Erased,
    ) -> None:
        self._connection = connection
        self._delivery = delivery
        self._batch_id = batch_id
        self._digest = digest
        self._loaded_at = _next_moment(connection)
        self._accounts = Accounts(connection, batch_id)
        self._refusal = Refusal(connection, erased)

    def land(self, progress: Progress) -> Landed:
        delivery = self._delivery
        unknown = sorted(set(delivery.parts) - set(TABLES))
        if unknown:
            raise SourceError(f"{', '.join(unknown)}: no such landing table. Expected: {', '.join(TABLES)}.")
        self._register()
        keep_rejections(self._connection, delivery.rejections)
        self._accounts.rejected(delivery.rejections)
        shrunk: set[str] = set()
        waiting = tables_waiting(self._connection)
        for table in TABLES:
            if table not in delivery.parts and table not in waiting and not shrunk:
                continue
            if table in delivery.parts:
                progress.start(f"Landing {table}", sum(part.rows for part in delivery.parts[table]))
            self._prepare(table)
            self._refusal.refuse(table)
            merge(
                self._connection,
                table,
                delivered=table in delivery.parts,
                replaces=delivery.kind == "full",
                by_school=delivery.schools is not None or is_report(delivery),
                shrunk=shrunk,
            )
            self._accounts.merged(table)
        self._refusal.empty_quarantine()
        keep_first_seen(self._connection)
        accounts = self._accounts.close()
        reasons = self._reasons()
        _stop_if_too_bad(accounts, reasons)
        return Landed(self._batch_id, False, accounts, reasons)

    def _register(self) -> None:
        delivery = self._delivery
        self._connection.execute(
            "INSERT INTO landing.batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'landed')",
            [
                self._batch_id,
                delivery.source,
                delivery.county_number or self._inferred_county(),
                delivery.kind,
                delivery.extracted_at,
                self._loaded_at,
                self._digest,
                delivery.synthetic,
            ],
        )
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE this_batch AS SELECT * FROM landing.batch WHERE batch_id = ?",
            [self._batch_id],
        )
        lay_out(self._connection, delivery)

    def _inferred_county(self) -> str | None:
        """The one county the rows name, else the one county this source has delivered for before."""
        for table in ("student", "school"):
            frame = self._delivery.rows(table) if table in self._delivery.parts else None
            if frame is not None and "county_number" in frame.columns:
                counties = frame["county_number"].drop_nulls().unique()
                if len(counties) == 1:
                    return str(counties[0])
        known = self._connection.execute(
            "SELECT DISTINCT county_number FROM landing.batch WHERE source = ? AND county_number IS NOT NULL",
            [self._delivery.source],
        ).fetchall()
        return str(known[0][0]) if len(known) == 1 else None

    def _prepare(self, table: str) -> None:
        """Fill `incoming` with the table's good rows, one per key, and quarantine the bad."""
        frame = self._delivery.rows(table) if table in self._delivery.parts else None
        if frame is None:
            frame = pl.DataFrame(schema=dict.fromkeys([*TABLES[table].columns(), *ORIGIN], pl.String))
        self._accounts.read(table, frame)
        validated = validate(table, frame)
        ranked = validated.good.with_columns(
            pl.lit(self._batch_id).alias("batch_id"),
            pl.lit(rank_of(self._delivery.source), pl.Int64).alias("rank"),
            pl.lit(self._loaded_at).alias("loaded_at"),
        )
        one_each = distinct(table, ranked)
        self._accounts.superseded(table, one_each.superseded)
        keep_bad_rows(self._connection, table, validated.bad)
        keep_bad_rows(self._connection, table, one_each.conflicting)
        store(self._connection, "incoming", one_each.kept)

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
