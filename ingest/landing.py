"""One delivery into the landing tables: validated whole, in one transaction, every row accounted for."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import polars as pl

from ingest.contract import TABLES
from ingest.delivery import Delivery, SourceError
from ingest.duplicates import distinct
from ingest.merge import merge
from ingest.progress import NoProgress, Progress
from ingest.quarantine import keep_bad_rows, keep_first_seen, keep_rejections
from ingest.validation import validate
from timerett.warehouse import fetch, store

# Of two sources with the same key the earlier one rules; a profile goes before or after its source.
PRECEDENCE = ("landing", "sheet", "report/lesson_register", "report", "report/timetable", "oneroster", "fint")
BAD_SHARE = 0.02
BAD_ROWS_ALWAYS_ALLOWED = 100
Place = tuple[str, str]


class BatchStoppedError(Exception):
    """Too many bad rows: nothing has landed."""


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
        outcome = _Batch(connection, delivery, batch_id, digest).land(told)
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
    for table in sorted(delivery.frames):
        frame = delivery.frames[table]
        digest.update(f"{table} {frame.schema}".encode())
        if len(frame):
            digest.update(frame.hash_rows(seed=1).to_numpy().tobytes())
    digest.update(repr(delivery.rejections).encode())
    return digest.hexdigest()


def rank_of(source: str, profile: str) -> int:
    for name in (f"{source}/{profile}", source):
        if name in PRECEDENCE:
            return PRECEDENCE.index(name)
    return len(PRECEDENCE)


class _Batch:
    """The state of one batch while it lands, inside its transaction."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, delivery: Delivery, batch_id: str, digest: str
    ) -> None:
        self._connection = connection
        self._delivery = delivery
        self._batch_id = batch_id
        self._digest = digest
        self._loaded_at = datetime.now(UTC)
        self._county = delivery.county_number or self._inferred_county()
        self._read: Counter[Place] = Counter()
        self._fates: dict[str, Counter[Place]] = {
            "landed": Counter(),
            "unchanged": Counter(),
            "superseded": Counter(),
        }
        self._by_school = delivery.schools is not None or delivery.source == "report"

    def land(self, progress: Progress) -> Landed:
        unknown = sorted(set(self._delivery.frames) - set(TABLES))
        if unknown:
            raise SourceError(f"{', '.join(unknown)}: no such landing table. Expected: {', '.join(TABLES)}.")
        self._register()
        keep_rejections(self._connection, self._batch_id, self._delivery.rejections)
        for rejection in self._delivery.rejections:
            self._read[rejection.source_file, rejection.table] += 1
        shrunk: set[str] = set()
        for table in TABLES:
            delivered = table in self._delivery.frames
            progress.start(f"Landing {table}")
            self._prepare(table, self._delivery.frames.get(table))
            merge(
                self._connection,
                table,
                delivered=delivered,
                replaces=self._delivery.kind == "full",
                by_school=self._by_school,
                shrunk=shrunk,
            )
            self._count_fates(table)
        keep_first_seen(self._connection)
        accounts = self._account()
        self._stop_if_too_bad(accounts)
        return Landed(self._batch_id, False, accounts, self._reasons())

    def _inferred_county(self) -> str | None:
        for table in ("student", "school"):
            frame = self._delivery.frames.get(table)
            if frame is not None and "county_number" in frame.columns:
                counties = frame["county_number"].drop_nulls().unique()
                if len(counties) == 1:
                    return str(counties[0])
        known = self._connection.execute(
            "SELECT DISTINCT county_number FROM landing.batch WHERE source = ? AND county_number IS NOT NULL",
            [self._delivery.source],
        ).fetchall()
        return str(known[0][0]) if len(known) == 1 else None

    def _register(self) -> None:
        """Write down the batch, and lay out whose rows outrank whose and what this snapshot replaces."""
        delivery, run = self._delivery, self._connection.execute
        run(
            "INSERT INTO landing.batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'landed')",
            [
                self._batch_id,
                delivery.source,
                self._county,
                delivery.kind,
                delivery.extracted_at,
                self._loaded_at,
                self._digest,
                delivery.synthetic,
            ],
        )
        run(
            "CREATE OR REPLACE TEMP TABLE this_batch AS SELECT * FROM landing.batch WHERE batch_id = ?",
            [self._batch_id],
        )
        earlier = fetch(
            self._connection,
            "SELECT DISTINCT batch_id, source_file, profile, source, loaded_at, "
            "source = ? AND county_number IS NOT DISTINCT FROM ? AS in_scope "
            "FROM landing.batch_file JOIN landing.batch USING (batch_id)",
            [delivery.source, self._county],
        )
        files = sorted(self._files())
        own = pl.DataFrame(
            {
                "batch_id": [self._batch_id] * len(files),
                "source_file": files,
                "profile": [self._profile(file) for file in files],
                "source": [delivery.source] * len(files),
                "loaded_at": [self._loaded_at] * len(files),
                "in_scope": [True] * len(files),
            },
            schema=earlier.schema,
        )
        profiles = set(delivery.profiles.values()) or {""}
        origin = pl.concat([earlier, own]).with_columns(
            pl.col("in_scope") & pl.col("profile").is_in(sorted(profiles))
        )
        ranks = [
            rank_of(source, profile) for source, profile in origin.select("source", "profile").iter_rows()
        ]
        store(self._connection, "origin", origin.with_columns(rank=pl.Series(ranks, dtype=pl.Int64)))
        # A report's scope is the schools its rows belong to, found while they land.
        stated = sorted(delivery.schools or ()) if delivery.source != "report" else []
        store(
            self._connection,
            "stated_school",
            pl.DataFrame({"school_id": stated}, schema={"school_id": pl.String}),
        )
        pairs = [(profile, school) for profile in sorted(profiles) for school in stated]
        scope = pl.DataFrame(pairs, schema={"profile": pl.String, "school_id": pl.String}, orient="row")
        store(self._connection, "scope_school", scope)
        run("CREATE OR REPLACE TEMP TABLE touched_lesson (lesson_id VARCHAR)")

    def _files(self) -> set[str]:
        named = {name for frame in self._delivery.frames.values() for name in frame["source_file"].unique()}
        return named | {rejection.source_file for rejection in self._delivery.rejections}

    def _profile(self, file: str) -> str:
        return self._delivery.profiles.get(file, "")

    def _prepare(self, table: str, frame: pl.DataFrame | None) -> None:
        """Fill `incoming` with the table's good rows, one per key, and quarantine the bad."""
        if frame is None:
            empty = {name: column.dtype for name, column in TABLES[table].columns().items()}
            frame = pl.DataFrame(schema=empty | {"source_file": pl.String(), "source_row": pl.Int64()})
        self._count(self._read, table, frame)
        validated = validate(table, frame)
        files = {name: rank_of(self._delivery.source, self._profile(name)) for name in self._files()}
        ranked = validated.good.with_columns(
            pl.lit(self._batch_id).alias("batch_id"),
            pl.col("source_file").replace_strict(files, default=0, return_dtype=pl.Int64).alias("rank"),
            pl.lit(self._loaded_at).alias("loaded_at"),
        )
        one_each = distinct(table, ranked)
        self._count(self._fates["superseded"], table, one_each.superseded)
        keep_bad_rows(self._connection, self._batch_id, table, validated.bad)
        keep_bad_rows(self._connection, self._batch_id, table, one_each.conflicting)
        store(self._connection, "incoming", one_each.kept)

    @staticmethod
    def _count(counter: Counter[Place], table: str, rows: pl.DataFrame) -> None:
        for file, count in rows.group_by("source_file").len().iter_rows():
            counter[file, table] += count

    def _count_fates(self, table: str) -> None:
        rows = self._connection.execute(
            "SELECT fate, source_file, count(*) FROM judged WHERE batch_id = $batch AND fate <> 'landed' "
            "GROUP BY fate, source_file UNION ALL "
            f"SELECT 'landed', source_file, count(*) FROM landing.\"{table}\" WHERE batch_id = $batch "
            "GROUP BY source_file",
            {"batch": self._batch_id},
        ).fetchall()
        for fate, file, count in rows:
            self._fates[fate][file, table] += count

    def _account(self) -> list[FileAccount]:
        """Read = landed + unchanged + superseded + quarantined, per file and table, or nothing lands."""
        quarantined: Counter[Place] = Counter()
        rows = self._connection.execute(
            "SELECT source_file, table_name, count(*) FROM landing.quarantine WHERE batch_id = ? "
            "GROUP BY source_file, table_name",
            [self._batch_id],
        ).fetchall()
        for file, table, count in rows:
            quarantined[file, table] += count
        accounts = [
            FileAccount(
                source_file=place[0],
                table=place[1],
                read=read,
                landed=self._fates["landed"][place],
                unchanged=self._fates["unchanged"][place],
                superseded=self._fates["superseded"][place],
                quarantined=quarantined[place],
            )
            for place, read in sorted(self._read.items())
        ]
        for account in accounts:
            if not account.balances:
                raise AccountingError(
                    f"{account}: the rows do not add up, so nothing has landed. Report this error."
                )
        self._write(accounts)
        return accounts

    def _write(self, accounts: list[FileAccount]) -> None:
        rows = [
            (
                self._batch_id,
                account.source_file,
                account.table,
                self._profile(account.source_file),
                account.read,
                account.landed,
                account.unchanged,
                account.superseded,
                account.quarantined,
            )
            for account in accounts
        ]
        if rows:
            self._connection.executemany(
                "INSERT INTO landing.batch_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )

    def _reasons(self) -> pl.DataFrame:
        return fetch(
            self._connection,
            "SELECT source_file, table_name, column_name, rule, is_orphan, count(*) AS rows, "
            "min(source_row) AS first_row FROM landing.quarantine WHERE batch_id = ? "
            "GROUP BY source_file, table_name, column_name, rule, is_orphan ORDER BY rows DESC",
            [self._batch_id],
        )

    def _stop_if_too_bad(self, accounts: list[FileAccount]) -> None:
        reasons = self._reasons()
        bad = int(reasons.filter(~pl.col("is_orphan"))["rows"].sum())
        read = sum(account.read for account in accounts)
        if bad > max(BAD_SHARE * read, BAD_ROWS_ALWAYS_ALLOWED):
            worst = reasons.filter(~pl.col("is_orphan")).head(5)
            lines = [
                f"  {file}, row {row}{f', column {column}' if column else ''}: {rule} ({rows} rows)"
                for file, column, rule, rows, row in worst.select(
                    "source_file", "column_name", "rule", "rows", "first_row"
                ).iter_rows()
            ]
            raise BatchStoppedError(
                f"{bad} of {read} rows are bad, more than {BAD_SHARE:.0%}: nothing has landed. "
                "Correct the extract and deliver it again. Most often:\n" + "\n".join(lines)
            )
