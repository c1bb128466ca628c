"""Who may not come back: students who were erased, and school years that were let go.

The pseudonyms are kept sealed under the pseudonym key, which every ingest has; the file tells nothing.
A wrong pseudonym key, which would make strangers of everybody, is found by it too.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest import durable
from ingest.contract import TABLES, references
from ingest.identity import NONCE_BYTES
from ingest.keys import PSEUDONYM_KEY, UnusableKeyError
from ingest.school_year import school_year_period

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


@dataclass
class Refusal:
    """Tells the rows of one delivery that may not land, tables in the order of the contract."""

    erased: Erased
    _gone: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._gone = {"student": set(self.erased.students), "enrolment": set(self.erased.enrolments)}

    def refused(self, table: str, rows: pl.DataFrame) -> pl.Series:
        """Which rows are of somebody or something that may not come back, or point at such a row."""
        checks = [
            pl.col(column).is_in(list(self._gone[parent]))
            for column, (parent, _) in references(table).items()
            if self._gone.get(parent) and column in rows.columns
        ]
        if table == "student" and self.erased.students:
            checks.append(pl.col("student_key").is_in(list(self.erased.students)))
        if self.erased.before and table in ("enrolment", "teaching_group"):
            checks.append(pl.col("school_year") < self.erased.before)
        if self.erased.before and table == "lesson":
            checks.append(pl.col("starts_at").dt.date() < first_day(self.erased.before))
        if not checks:
            return pl.Series([False]).new_from_index(0, len(rows))
        found = rows.select(pl.any_horizontal(checks).fill_null(value=False)).to_series()
        key = TABLES[table].primary_key()
        if len(key) == 1 and found.any():
            self._gone.setdefault(table, set()).update(rows.filter(found)[key[0]].to_list())
        return found


def first_day(school_year: str) -> date:
    return school_year_period(school_year)[0]
