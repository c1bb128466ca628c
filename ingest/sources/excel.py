"""The rows of an Excel workbook's likeliest sheet, as text, in bounded batches.

Formulas are never evaluated: what Excel stored as their value is read. Cells with an Excel error, and
formulas without a stored value, are read as empty and counted.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import polars as pl

from ingest.delivery import SourceError
from ingest.sources.archive import DAMAGED, Archive, inspect
from ingest.sources.excel_process import MEMORY, OUT_OF_MEMORY

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
MOST_UNPACKED = 1 << 30
MOST_BYTES = 300 << 20
ADVICE = "Save it again as .xlsx, or as CSV if it is large."
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PIECE = 1 << 20
_UNREADABLE = (b' t="e"', b"</f></c>", b"</f><v></v>", b"</f><v/>")
_NEWER = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods"})


def is_excel(file: Path) -> bool:
    """By its content: administration systems also name text `.xls`, and Excel files `.csv`."""
    with file.open("rb") as handle:
        start = handle.read(len(_ZIP))
    return start in (_ZIP, _OLE)


@dataclass(frozen=True)
class SheetInfo:
    name: str
    visible: bool
    rows: int | None


class Workbook:
    """One open workbook: what sheets it has, and the rows of the chosen one."""

    def __init__(self, file: Path, known: frozenset[str], sheet: str | None = None) -> None:
        self.file = file
        self.sheets: list[SheetInfo] = []
        self.chosen: str | None = None
        self.unreadable_cells = 0
        self._known = known
        self._wanted = sheet
        self._stack = ExitStack()

    def __enter__(self) -> Workbook:
        self._inspect()
        request = {
            "file": str(self.file),
            "by_name": self.file.suffix.lower() in SUFFIXES and not self._is_misnamed(),
            "known": sorted(self._known),
            "sheet": self._wanted,
            "memory": MEMORY,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "ingest.sources.excel_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._process = self._stack.enter_context(process)
        self._stack.callback(process.kill)
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        self._answers = process.stdout
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.close()
        told = self._told()
        self.sheets = [SheetInfo(**one) for one in told["sheets"]]
        self.chosen = told["chosen"]
        if self._wanted and self._wanted not in {sheet.name for sheet in self.sheets}:
            names = ", ".join(sheet.name for sheet in self.sheets)
            raise SourceError(f"{self.file.name}: has no sheet {self._wanted}. It has {names}.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def batches(self) -> Iterator[pl.DataFrame]:
        """The chosen sheet's rows, columns by position, top to bottom; an empty row is a row."""
        while True:
            length = self._answers.readline()
            if length == b"0\n":
                return
            content = self._answers.read(int(length)) if length else b""
            if not length or len(content) < int(length):
                raise self._failed()
            yield pl.read_ipc_stream(io.BytesIO(content))

    def _told(self) -> dict[str, Any]:
        line = self._answers.readline()
        if not line:
            raise self._failed()
        told: dict[str, Any] = json.loads(line)
        return told

    def _failed(self) -> SourceError:
        code = self._process.wait()
        if code < 0 or code == OUT_OF_MEMORY:
            return SourceError(
                f"{self.file.name}: needs more than {MEMORY >> 30} GB of memory, or too long, to open. "
                "Save the sheet as CSV, which is read at any size."
            )
        return SourceError(f"{self.file.name}: cannot be read as Excel; it may be damaged. {ADVICE}")

    def _inspect(self) -> None:
        with self.file.open("rb") as handle:
            start = handle.read(len(_ZIP))
        if start == _ZIP:
            self.unreadable_cells = _unreadable_cells(
                inspect(self.file, most_bytes=MOST_UNPACKED, advice=ADVICE)
            )
        elif start == _OLE and self.file.suffix.lower() in _NEWER:
            raise SourceError(f"{self.file.name}: is protected with a password. Save it without one.")
        elif start != _OLE:
            raise SourceError(f"{self.file.name}: cannot be read as Excel. {ADVICE}")
        if self.file.stat().st_size > MOST_BYTES:
            raise SourceError(
                f"{self.file.name}: is larger than {MOST_BYTES >> 20} MB. Save the sheet as CSV, which is "
                "read at any size."
            )

    def _is_misnamed(self) -> bool:
        return self.file.suffix.lower() == ".xls" and zipfile.is_zipfile(self.file)


def _unreadable_cells(archive: Archive) -> int:
    """Cells of the sheets that hold an Excel error, or a formula whose value nobody has stored."""
    count = 0
    try:
        with zipfile.ZipFile(archive.file) as opened:
            for info in archive.members:
                if info.filename.startswith("xl/worksheets/sheet") and info.filename.endswith(".xml"):
                    with opened.open(info) as member:
                        count += _marks(member)
    except DAMAGED as problem:
        raise SourceError(f"{archive.file.name}: is damaged; it may be cut off. {ADVICE}") from problem
    return count


def _marks(member: IO[bytes]) -> int:
    count = 0
    tails = dict.fromkeys(_UNREADABLE, b"")
    while piece := member.read(_PIECE):
        for mark in _UNREADABLE:
            joined = tails[mark] + piece
            count += joined.count(mark)
            tails[mark] = joined[-len(mark) + 1 :]
    return count
