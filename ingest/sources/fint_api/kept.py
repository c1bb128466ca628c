"""What a run has on disk while it goes on: sealed pages, and a record of the resources that are done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from ingest.delivery import Kind, SourceError
from ingest.sources.fint_api.resources import resource_of
from ingest.sources.fint_api.skim import joined
from ingest.sources.fint_api.vault import Vault

FORMAT = 1
PART_BYTES = 16_000_000
_FOLDER, _RECORD = "run", "run/run.sealed"


class Sheet(Struct):
    """One page on disk, with what its answer said."""

    path: str
    since: int | None
    last_updated: int | None
    offset: int
    asked: int
    total: int | None
    has_next: bool
    body: bytes


class Done(Struct):
    """A resource that has been read: whole, or its changes alone."""

    kind: Kind
    go_on_from: int | None
    pages: list[str]
    sizes: list[int]
    entries: int
    ids: bytes


class Run(Struct):
    """What a later run must know to go on: when it began by FINT's clock, and by this machine's."""

    started_at: datetime
    begun_here: datetime
    kind: Kind
    basis: str
    format: int = FORMAT
    done: dict[str, Done] = {}
    absent: dict[str, int] = {}


class RunFolder:
    """The folder of the run that is under way."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def record(self) -> Run | None:
        found = self._vault.read(_RECORD, Run)
        return found if found and found.format == FORMAT else None

    def write_record(self, run: Run) -> None:
        self._vault.write(_RECORD, run)

    def clear(self) -> None:
        shutil.rmtree(self._vault.folder / _FOLDER, ignore_errors=True)

    def write(self, name: str, sheet: Sheet) -> None:
        self._vault.write(f"{_FOLDER}/{name}", sheet)

    def read(self, name: str) -> Sheet | None:
        return self._vault.read(f"{_FOLDER}/{name}", Sheet)

    def stored(self, path: str, number: int) -> Iterator[tuple[str, Sheet]]:
        """The pages of one reading, as far as they follow each other."""
        place = 0
        while sheet := self.read(name := page_name(path, number, place)):
            yield name, sheet
            place += 1

    def remove(self, path: str, *, but: frozenset[str] = frozenset(), number: int | None = None) -> None:
        """Remove a resource's pages: of one reading, or of all."""
        beginning = page_name(path, number, None)
        for file in (self._vault.folder / _FOLDER).glob(f"{beginning}*"):
            if file.name not in but:
                file.unlink(missing_ok=True)


def page_name(path: str, number: int | None, place: int | None) -> str:
    """`utdanning.timeplan.time-1-00003.page`: the resource, which reading of it, which page."""
    parts = [path.replace("/", ".")]
    if number is not None:
        parts.append(str(number))
    if place is None:
        return "-".join(parts) + "-"
    return "-".join([*parts, f"{place:05d}.page"])


@dataclass(frozen=True)
class SealedPart:
    """Pages of one resource as the FINT reader takes them: opened when their turn comes, never in the clear
    on disk."""

    folder: RunFolder
    path: str
    files: tuple[str, ...]
    place: int
    size: int

    @property
    def resource(self) -> str:
        return resource_of(self.path)

    @property
    def name(self) -> str:
        return f"{self.path}, part {self.place}"

    def content(self) -> bytes:
        return joined([self._body(file) for file in self.files])

    def _body(self, file: str) -> bytes:
        sheet = self.folder.read(file)
        if sheet is None:
            raise SourceError(f"{self.name}: what is kept on disk cannot be opened any more. Run again.")
        return sheet.body


def parts_of(folder: RunFolder, path: str, done: Done) -> list[SealedPart]:
    """The resource's pages, several to a part, for every part is told of by itself."""
    parts: list[SealedPart] = []
    files: list[str] = []
    size = 0
    for place, (file, bytes_) in enumerate(zip(done.pages, done.sizes, strict=True), start=1):
        files.append(file)
        size += bytes_
        if size >= PART_BYTES or place == len(done.pages):
            parts.append(SealedPart(folder, path, tuple(files), len(parts) + 1, size))
            files, size = [], 0
    return parts
