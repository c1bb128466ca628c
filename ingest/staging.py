"""The rows of one table, from the parts of a delivery into the temporary table `incoming`: cast and judged.

`incoming` has the columns of the landing table. Where a row's batch, file and row number go without saying
(this batch, the one text file, the next line) they are left empty; the view `arriving` says them. Bad rows
go from here to quarantine. Nothing is held in memory beyond one batch of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import polars as pl

from ingest.accounting import Accounts
from ingest.bridge import ArrowStream, fetch, quoted, store
from ingest.contract import TABLES
from ingest.contract.ddl import sql_type
from ingest.delivery import Part, SourceError, TextFile
from ingest.privacy import holds_identity_number, masked_texts
from ingest.quarantine import keep_bad_rows, keep_rejections
from ingest.sources.delimited import read_line_by_line, relation
from ingest.validation import IDENTITY_RULE, ORIGIN, Fault, column_complaint, faults, judging

ROWS_AT_A_TIME = 50_000
# DuckDB counts rows from here until their transaction is committed.
FIRST_OPEN_ROW = 36_028_797_018_960_000


class UnsureError(Exception):
    """DuckDB's parser gave up on a file: it must be read line by line."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


class Staging:
    """Fills `incoming` for one table after the other."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, accounts: Accounts, line_by_line: frozenset[str]
    ) -> None:
        self._connection = connection
        self._accounts = accounts
        self._line_by_line = line_by_line
        self._batch_id = str(connection.execute("SELECT batch_id FROM this_batch").fetchall()[0][0])
        self._faults: list[Fault] = []
        self._of_types: dict[tuple[tuple[str, str], ...], int] = {}

    def fill(self, table: str, parts: list[Part]) -> None:
        """The good rows of the parts, and no others."""
        self._faults, self._of_types = [], {}
        self.empty(table)
        for part in parts:
            self._add(table, part)
        if not any(part.rows for part in parts):
            return
        self._accounts.read(table)
        self._settle_suspects(table)
        self._set_bad_rows_aside(table)

    def empty(self, table: str, text: TextFile | None = None) -> None:
        columns = ", ".join(
            f'"{name}" {sql_type(column)}' for name, column in TABLES[table].columns().items()
        )
        name = quoted(text.name) if text else "NULL"
        batch = quoted(self._batch_id)
        self._connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE incoming (
                {columns}, batch_id VARCHAR, source_file VARCHAR, source_row BIGINT,
                fault INTEGER, suspect BOOLEAN, payload VARCHAR
            );
            CREATE OR REPLACE TEMP VIEW judged_row AS SELECT i.* REPLACE (
                coalesce(i.batch_id, {batch}) AS batch_id,
                coalesce(i.source_file, {name}) AS source_file,
                coalesce(i.source_row, i.rowid % {FIRST_OPEN_ROW} + 2) AS source_row
            ), i.rowid AS place FROM incoming AS i;
            CREATE OR REPLACE TEMP VIEW arriving AS
            SELECT * EXCLUDE (fault, suspect, payload) FROM judged_row
            """
        )

    def leave(self) -> None:
        """Nothing of `incoming` is left to be committed."""
        self._connection.execute(
            "DROP VIEW IF EXISTS arriving; DROP VIEW IF EXISTS judged_row; DROP TABLE IF EXISTS incoming"
        )

    def _add(self, table: str, part: Part) -> None:
        if part.text:
            self._add_text(table, part.text)
        elif part.frame is not None:
            self._add_frame(table, part.frame)
        elif part.name:
            numbered = (
                f"(SELECT * EXCLUDE (file_row_number), {quoted(part.name)} AS source_file, "
                f"file_row_number + 1 AS source_row "
                f"FROM read_parquet({quoted(part.file)}, file_row_number = true))"
            )
            try:
                self._insert(table, numbered, blank_is_null=False)
            except duckdb.Error as problem:
                if _is_sound(part):
                    raise
                raise SourceError(
                    f"{part.name}: is damaged; nothing has landed. Write the file again."
                ) from problem
        else:
            self._insert(table, f"read_parquet({quoted(part.file)})", blank_is_null=False)

    def _add_text(self, table: str, text: TextFile) -> None:
        if text.name not in self._line_by_line and text.lines > 1:
            self.empty(table, text)
            try:
                if self._insert(table, relation(text), blank_is_null=True) == text.lines - 1:
                    return
            except duckdb.Error as problem:
                raise UnsureError(text.name) from problem
        self.empty(table)
        for frame, ragged in read_line_by_line(text, table):
            self._add_frame(table, frame)
            keep_rejections(self._connection, ragged)
            self._accounts.rejected(ragged)

    def _add_frame(self, table: str, frame: pl.DataFrame) -> None:
        self._connection.register("_part", ArrowStream(frame))
        try:
            self._insert(table, "_part", blank_is_null=False)
        finally:
            self._connection.unregister("_part")

    def _insert(self, table: str, rows: str, *, blank_is_null: bool) -> int:
        described = self._connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
        given = {str(row[0]): str(row[1]) for row in described}
        complaint = column_complaint(table, [name for name in given if name not in ORIGIN])
        if complaint:
            raise SourceError(f"{table}: {complaint}")
        first = self._first_fault(table, given)
        chosen = judging(table, given, rows, blank_is_null=blank_is_null)
        inserted = self._connection.execute(
            f"INSERT INTO incoming SELECT * REPLACE (fault + {first} AS fault) FROM ({chosen})"
        ).fetchall()
        return int(inserted[0][0])

    def _first_fault(self, table: str, given: Mapping[str, str]) -> int:
        types = tuple(given.items())
        if types not in self._of_types:
            self._of_types[types] = len(self._faults)
            self._faults += faults(table, given)
        return self._of_types[types]

    def _settle_suspects(self, table: str) -> None:
        """Look at every text that may hold an identity number, and mark the rows that do."""
        first = len(self._faults)
        self._faults += [Fault("", name, IDENTITY_RULE) for name in TABLES[table].columns()]
        for suspects in self._chunks("suspect"):
            texts = _texts(table, suspects)
            held = pl.coalesce(
                pl.when(holds_identity_number(texts[name])).then(pl.lit(first + number))
                for number, name in enumerate(texts.columns)
            )
            marked = suspects.select("place", held.alias("fault")).drop_nulls()
            if not marked.is_empty():
                store(self._connection, "marked", marked)
                self._connection.execute(
                    "UPDATE incoming SET fault = m.fault FROM marked AS m WHERE incoming.rowid = m.place"
                )

    def _set_bad_rows_aside(self, table: str) -> None:
        for rows in self._chunks("fault IS NOT NULL"):
            texts = _texts(table, rows)
            texts = texts.with_columns(masked_texts(texts[name]) for name in texts.columns)
            told = [self._faults[fault] for fault in rows["fault"]]
            named = texts.with_columns(
                pl.Series("column_name", [fault.column for fault in told], dtype=pl.String),
                pl.Series("rule", [fault.rule for fault in told], dtype=pl.String),
            )
            value = pl.coalesce(
                pl.when(pl.col("column_name") == name).then(pl.col(name)) for name in texts.columns
            )
            bad = named.select(
                rows["source_file"],
                rows["source_row"],
                "column_name",
                "rule",
                value.alias("value"),
                pl.struct(texts.columns).struct.json_encode().alias("payload"),
            )
            keep_bad_rows(self._connection, table, bad)
        self._connection.execute("DELETE FROM incoming WHERE fault IS NOT NULL")

    def _chunks(self, wanted: str) -> Iterator[pl.DataFrame]:
        last = -1
        while True:
            rows = fetch(
                self._connection,
                f"""
                SELECT source_file, source_row, payload, fault, place FROM judged_row
                WHERE {wanted} AND place > {last} ORDER BY place LIMIT {ROWS_AT_A_TIME}
                """,
            )
            if rows.is_empty():
                return
            yield rows
            last = int(rows["place"][-1])


@contextmanager
def relations(connection: duckdb.DuckDBPyConnection, parts: list[Part]) -> Iterator[list[str]]:
    """Names under which SQL can read parts that carry their places."""
    names = []
    for number, part in enumerate(parts):
        if part.frame is None:
            names.append(f"read_parquet({quoted(part.file)})")
        else:
            connection.register(f"_deletion_{number}", ArrowStream(part.frame))
            names.append(f"_deletion_{number}")
    try:
        yield names
    finally:
        for name in names:
            if name.startswith("_deletion_"):
                connection.unregister(name)


def _texts(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """What stood in the rows, column by column."""
    told = pl.Struct(dict.fromkeys(TABLES[table].columns(), pl.String()))
    return rows.select(pl.col("payload").str.json_decode(told).alias("row")).unnest("row")


def _is_sound(part: Part) -> bool:
    """Whether a Parquet file can be read from end to end."""
    with duckdb.connect() as connection:
        try:
            connection.execute(
                f"COPY (SELECT * FROM read_parquet({quoted(part.file)})) TO '/dev/null' (FORMAT csv)"
            )
        except duckdb.Error:
            return False
    return True
