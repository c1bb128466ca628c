"""Looking for what must not be there: in every file's bytes, and in every cell of every database."""

from __future__ import annotations

import base64
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb

PERSONS = "fint/utdanning.elev/person.json"
ELEVEN_DIGITS = re.compile(rb"(?=(\d{11}))")
DIVIDED = re.compile(rb"(?<!\d)(\d{6})[ -](\d{5})(?!\d)")
# Most of a database's file is empty pages.
EMPTY = re.compile(rb"\x00{64,}")
# The forms that are slow to look for are looked for with so many persons only.
CLOSELY = 12


class Secrets:
    """Identity numbers and family names, as deliveries spell them, or any other words."""

    def __init__(self, numbers: Iterable[str], words: Iterable[str]) -> None:
        self._numbers = {number.encode() for number in numbers}
        self._words = sorted(word.encode() for word in words)
        chosen = [*sorted(self._numbers)[:CLOSELY], *self._words[:CLOSELY]]
        self._disguised = [form for secret in chosen for form in _disguises(secret)]

    @classmethod
    def of(cls, deliveries: Iterable[Path]) -> Secrets:
        entries = [
            entry
            for delivery in deliveries
            for entry in json.loads((delivery / PERSONS).read_text("utf-8"))["_embedded"]["_entries"]
        ]
        numbers = {entry["fodselsnummer"]["identifikatorverdi"] for entry in entries}
        return cls(numbers, {entry["navn"]["etternavn"].split()[0] for entry in entries})

    def found_in(self, text: bytes) -> list[str]:
        """What of it stands in a text, told without telling it."""
        text = EMPTY.sub(bytes(1), text)
        runs = {found.group(1) for found in ELEVEN_DIGITS.finditer(text)}
        divided = {first + second for first, second in DIVIDED.findall(text)}
        numbers = bool(self._numbers & (runs | divided))
        words = any(word in text for word in self._words)
        disguised = any(form in text for form in self._disguised)
        return ["an identity number"] * numbers + ["a name"] * words + ["either in disguise"] * disguised

    def found_below(self, *folders: Path) -> dict[str, list[str]]:
        """File → what it holds, also inside archives and databases, for the files that hold anything."""
        files = [file for folder in folders for file in sorted(folder.rglob("*"))]
        found = {str(file): self._held(file) for file in files if file.is_file() and not file.is_symlink()}
        found |= {str(file): what for file in files if (what := self.found_in(file.name.encode()))}
        return {name: what for name, what in found.items() if what}

    def _held(self, file: Path) -> list[str]:
        what = self.found_in(file.read_bytes())
        return what or [found for text in unpacked(file) for found in self.found_in(text)]


def _disguises(secret: bytes) -> Iterator[bytes]:
    """The same as other encodings and codings write it."""
    for encoding in ("utf-16-le", "utf-16-be"):
        yield secret.decode().encode(encoding)
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for before in range(3):
        # Only the signs that the bytes beside it have no part in.
        coded = base64.b64encode(b"\0" * before + secret)
        yield coded[(0, 2, 3)[before] : len(coded) - 4 if coded.endswith(b"=") else None]


def unpacked(file: Path) -> Iterator[bytes]:
    """What stands packed in a file: members of an archive, cells of a database or of Parquet."""
    head = file.read_bytes()[:16]
    if head[8:12] == b"DUCK":
        yield from _cells_of_duckdb(file)
    elif head.startswith(b"SQLite format"):
        with tempfile.TemporaryDirectory() as place:
            # A journal that a killed run left is played back, and that must not touch what is looked at.
            for part in file.parent.glob(f"{file.name}*"):
                shutil.copy(part, place)
            with closing(sqlite3.connect(Path(place) / file.name)) as connection:
                yield from (repr(row).encode() for row in connection.execute("SELECT * FROM person"))
    elif head.startswith(b"PAR1"):
        with duckdb.connect() as connection:
            rows = connection.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall()
            yield "\n".join(map(str, rows)).encode()
    elif zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def _cells_of_duckdb(file: Path) -> Iterator[bytes]:
    """Every text of every table; what a killed run left in its log is taken in for this look."""
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = connection.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() JOIN duckdb_tables() "
            "USING (database_name, schema_name, table_name) WHERE NOT duckdb_columns.internal "
            "AND data_type IN ('VARCHAR', 'JSON', 'VARCHAR[]') ORDER BY ALL"
        ).fetchall()
        for schema, table, column in columns:
            rows = connection.execute(
                f'SELECT DISTINCT "{column}"::VARCHAR FROM "{schema}"."{table}"'
            ).fetchall()
            yield "\n".join(text for (text,) in rows if text).encode()
