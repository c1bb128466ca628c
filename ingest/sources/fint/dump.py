"""A folder of FINT dumps, read resource by resource and batch by batch.

A page is skimmed once for the bounds of its entries, then decoded a batch at a time: that keeps a
page of any size at little more than its own bytes in memory, and lets one bad entry be rejected
instead of the page.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from ingest.delivery import SourceError
from ingest.manifest import MANIFEST
from ingest.sources.output import Output

if TYPE_CHECKING:
    from ingest.progress import Progress

T = TypeVar("T")
BATCH = 20_000
_PAGE_NUMBER = re.compile(r"[-_]?\d+$")
_HINT = "Fetch the dump again."


class _Embedded(msgspec.Struct):
    entries: list[msgspec.Raw] = msgspec.field(name="_entries", default_factory=list)


class _Page(msgspec.Struct):
    embedded: _Embedded | None = msgspec.field(name="_embedded", default=None)
    total_items: int | None = None


@dataclass(frozen=True)
class Batch(Generic[T]):
    """Decoded entries of one file, each with its 1-based place in it."""

    file: str
    rows: list[int]
    entries: list[T]

    def place(self) -> dict[str, object]:
        return {"source_file": self.file, "source_row": self.rows}

    def __iter__(self) -> Iterator[tuple[int, T]]:
        return zip(self.rows, self.entries, strict=True)


class Dump:
    """The folder's files by resource; remembers which were asked for."""

    def __init__(self, folder: Path, output: Output, progress: Progress | None, *, complete: bool) -> None:
        self._folder = folder
        self._output = output
        self._progress = progress
        self._complete = complete
        self._files: dict[str, list[Path]] = {}
        self._read: set[str] = set()
        for file in sorted(folder.rglob("*.json")):
            if file.name != MANIFEST:
                self._files.setdefault(_resource(file), []).append(file)
        if not self._files:
            raise SourceError(
                f"{folder.name}: no FINT dumps found. Expected a folder with one JSON file per resource, "
                "for example utdanning.elev/elevforhold.json."
            )

    @property
    def files(self) -> list[Path]:
        return sorted(file for files in self._files.values() for file in files)

    @property
    def total_bytes(self) -> int:
        return sum(file.stat().st_size for file in self.files)

    def name(self, file: Path) -> str:
        return file.relative_to(self._folder).as_posix()

    def has(self, resource: str) -> bool:
        return resource in self._files

    def batches(self, resource: str, form: type[T], table: str) -> Iterator[Batch[T]]:
        """The resource's entries; one that cannot be read is rejected as a row of `table`."""
        self._read.add(resource)
        found, promised = 0, 0
        for file in self._files.get(resource, []):
            page = self._page(file)
            raw = page.embedded.entries if page.embedded else []
            found, promised = found + len(raw), max(promised, page.total_items or 0)
            yield from self._decoded(file, raw, form, table)
        if self._complete and found < promised:
            raise SourceError(
                f"{resource}: the dump holds {found} entries, but says there are {promised}. "
                f"A full delivery must hold every page. {_HINT}"
            )

    def _decoded(self, file: Path, raw: list[msgspec.Raw], form: type[T], table: str) -> Iterator[Batch[T]]:
        decode = msgspec.json.Decoder(form).decode
        name, size = self.name(file), file.stat().st_size
        for start in range(0, len(raw), BATCH):
            part = raw[start : start + BATCH]
            try:
                yield Batch(
                    name, list(range(start + 1, start + len(part) + 1)), [decode(one) for one in part]
                )
            except msgspec.ValidationError:
                yield self._readable(name, start, part, form, table)
            if self._progress:
                self._progress.advance(size * len(part) // len(raw))

    def _readable(
        self, name: str, start: int, part: list[msgspec.Raw], form: type[T], table: str
    ) -> Batch[T]:
        decode = msgspec.json.Decoder(form).decode
        rows, entries = [], []
        for row, one in enumerate(part, start=start + 1):
            try:
                entries.append(decode(one))
                rows.append(row)
            except msgspec.ValidationError as error:
                self._output.reject(name, row, table, rule=f"follows FINT's information model ({error})")
        return Batch(name, rows, entries)

    def _page(self, file: Path) -> _Page:
        name = self.name(file)
        try:
            page = msgspec.json.decode(_bytes(file), type=_Page)
        except msgspec.DecodeError as error:
            raise SourceError(
                f"{name}: not a FINT page ({error}). Expected JSON with _embedded._entries. {_HINT}"
            ) from None
        if page.embedded is None and page.total_items != 0:
            raise SourceError(f"{name}: has no _embedded._entries, so it is not a FINT page. {_HINT}")
        return page

    def count_unread(self) -> None:
        """Count the entries of resources nothing was made of."""
        for resource in sorted(set(self._files) - self._read):
            for file in self._files[resource]:
                page = self._page(file)
                self._output.unread[self.name(file)] = len(page.embedded.entries) if page.embedded else 0


def _resource(file: Path) -> str:
    """`elevforhold` from `elevforhold.json`, `elevforhold-2.json`, `utdanning.elev.elevforhold.json`."""
    parts = [part for part in file.stem.lower().split(".") if not part.isdigit()]
    return _PAGE_NUMBER.sub("", parts[-1]) if parts else file.stem


def _bytes(file: Path) -> bytes | mmap.mmap:
    """The file mapped, so that its pages can leave memory again."""
    if file.stat().st_size == 0:
        return b""
    with file.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
