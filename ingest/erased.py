"""Who may not come back: students who were erased, and school years that were let go.

The pseudonyms are kept sealed under the pseudonym key, which every ingest has; the file tells nothing.
A wrong pseudonym key, which would make strangers of everybody, is found by it too.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest import durable
from ingest.bridge import store
from ingest.contract import references
from ingest.identity import NONCE_BYTES
from ingest.keys import PSEUDONYM_KEY, UnusableKeyError
from ingest.school_year import school_year_period

# Parents whose rows go, with their key; a row that points at one of them goes too.
ROOTS = {
    "student": "student_key",
    "enrolment": "enrolment_id",
    "teaching_group": "group_id",
    "lesson": "lesson_id",
}
RULE = "must not be of an erased student or a school year that was let go"


@dataclass(frozen=True)
class Erased:
    """Students and their enrolments; `before` is the first school year that is kept."""

    students: frozenset[str] = frozenset()
    enrolments: frozenset[str] = frozenset()
    before: str | None = None

    def with_students(self, students: Iterable[str], enrolments: Iterable[str]) -> Erased:
        return Erased(self.students | set(students), self.enrolments | set(enrolments), self.before)


def read(file: Path, pseudonym_key: bytes) -> Erased:
    """Those remembered; nobody where there is no file yet."""
    if not file.exists():
        return Erased()
    sealed = file.read_bytes()
    try:
        plain = _cipher(pseudonym_key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
    except InvalidTag as problem:
        raise UnusableKeyError(
            f"{file}: is not opened by this pseudonym key. Restore the key this data was made with "
            f"({PSEUDONYM_KEY} or the file pseudonym.key): with another, nobody would be recognised."
        ) from problem
    content = json.loads(plain)
    return Erased(frozenset(content["students"]), frozenset(content["enrolments"]), content["before"])


def write(file: Path, pseudonym_key: bytes, erased: Erased) -> None:
    content = {
        "students": sorted(erased.students),
        "enrolments": sorted(erased.enrolments),
        "before": erased.before,
    }
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher(pseudonym_key).encrypt(nonce, json.dumps(content).encode(), None)
    durable.write_secret(file, nonce + sealed)


def _cipher(pseudonym_key: bytes) -> AESGCM:
    return AESGCM(hashlib.sha256(b"timerett erased\x00" + pseudonym_key).digest())


def gone(table: str, row: str) -> list[str]:
    """SQL checks for rows of a table that are, or point at, what a `gone_<root>` table names."""
    named = {column: parent for column, (parent, _) in references(table).items() if parent in ROOTS}
    if table in ROOTS:
        named[ROOTS[table]] = table
    return [f"{row}.{column} IN (SELECT id FROM gone_{parent})" for column, parent in named.items()]


def gone_payload(row: str) -> list[str]:
    """As `gone`, for what a quarantined row holds."""
    checks = [f"({row}.payload ->> '{key}') IN (SELECT id FROM gone_{root})" for root, key in ROOTS.items()]
    return checks + [f"{row}.value IN (SELECT id FROM gone_{root})" for root in ROOTS]


def any_of(checks: list[str]) -> str:
    """SQL for whether one of the checks holds; an unknown one does not."""
    return " OR ".join(f"coalesce({check}, false)" for check in checks).join("()") if checks else "false"


class Refusal:
    """Keeps out of one batch what may not come back; works on the batch's temporary table `incoming`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, erased: Erased) -> None:
        self._connection = connection
        self._erased = erased
        self._needed = erased != Erased()
        if not self._needed:
            return
        known = {"student": erased.students, "enrolment": erased.enrolments}
        for root in ROOTS:
            ids = pl.DataFrame({"id": sorted(known.get(root, ()))}, schema={"id": pl.String})
            store(connection, f"gone_{root}", ids)

    def refuse(self, table: str) -> None:
        """Move rows that may not land to quarantine, as counted rows without content."""
        if not self._needed:
            return
        check = any_of([*gone(table, "i"), *self._too_old(table)])
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE refused AS SELECT * FROM arriving AS i WHERE {check}"
        )
        self._connection.execute(
            f"""
            INSERT INTO landing.quarantine
            SELECT batch_id, r.source_file, r.source_row, '{table}', NULL, '{RULE}', NULL, false, NULL,
                b.loaded_at, b.loaded_at
            FROM refused AS r JOIN this_batch AS b USING (batch_id)
            """
        )
        if table in ROOTS:
            self._connection.execute(f"INSERT INTO gone_{table} SELECT {ROOTS[table]} FROM refused")
        self._connection.execute("DELETE FROM incoming WHERE rowid IN (SELECT place FROM refused)")

    def empty_quarantine(self) -> None:
        """What was quarantined for another reason keeps its place and loses its content."""
        if not self._needed:
            return
        self._connection.execute(
            f"""
            UPDATE landing.quarantine AS q SET column_name = NULL, rule = '{RULE}', value = NULL,
                payload = NULL, is_orphan = false, resolved_at = b.loaded_at
            FROM this_batch AS b WHERE q.batch_id = b.batch_id AND {any_of(gone_payload("q"))}
            """
        )

    def _too_old(self, table: str) -> list[str]:
        before = self._erased.before
        if not before:
            return []
        if table in ("enrolment", "teaching_group"):
            return [f"i.school_year < '{before}'"]
        return [f"i.starts_at < DATE '{first_day(before)}'"] if table == "lesson" else []


def first_day(school_year: str) -> date:
    return school_year_period(school_year)[0]
