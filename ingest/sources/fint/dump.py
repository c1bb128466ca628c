"""Pages of FINT resources, read resource by resource and batch by batch.

A page is skimmed once for the bounds of its entries, then decoded a batch at a time: that keeps a
page of any size at little more than its own bytes in memory, and lets one bad entry be rejected
instead of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from ingest.delivery import SourceError
from ingest.sources.fint.pages import Page
from ingest.sources.output import Output

if TYPE_CHECKING:
    from ingest.progress import Progress

T = TypeVar("T")
BATCH = 20_000
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
    """The pages by resource; remembers which resources were asked for."""

    def __init__(
        self, pages: Sequence[Page], output: Output, progress: Progress | None, *, complete: bool
    ) -> None:
        self._output = output
        self._progress = progress
        self._complete = complete
        self._pages: dict[str, list[Page]] = {}
        self._read: set[str] = set()
        for page in pages:
            self._pages.setdefault(page.resource, []).append(page)

    def has(self, resource: str) -> bool:
        return resource in self._pages

    def batches(self, resource: str, form: type[T], table: str) -> Iterator[Batch[T]]:
        """The resource's entries; one that cannot be read is rejected as a row of `table`."""
        self._read.add(resource)
        found, promised = 0, 0
        for page in self._pages.get(resource, []):
            content = _content(page)
            raw = content.embedded.entries if content.embedded else []
            found, promised = found + len(raw), max(promised, content.total_items or 0)
            yield from self._decoded(page, raw, form, table)
        if self._complete and found < promised:
            raise SourceError(
                f"{resource}: the dump holds {found} entries, but says there are {promised}. "
                f"A full delivery must hold every page. {_HINT}"
            )

    def _decoded(self, page: Page, raw: list[msgspec.Raw], form: type[T], table: str) -> Iterator[Batch[T]]:
        decode = msgspec.json.Decoder(form).decode
        name, size = page.name, page.size
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

    def count_unread(self) -> None:
        """Count the entries of resources nothing was made of."""
        for resource in sorted(set(self._pages) - self._read):
            for page in self._pages[resource]:
                content = _content(page)
                self._output.unread[page.name] = len(content.embedded.entries) if content.embedded else 0


def _content(page: Page) -> _Page:
    try:
        content = msgspec.json.decode(page.content(), type=_Page)
    except msgspec.DecodeError as error:
        raise SourceError(
            f"{page.name}: not a FINT page ({error}). Expected JSON with _embedded._entries. {_HINT}"
        ) from None
    if content.embedded is None and content.total_items != 0:
        raise SourceError(f"{page.name}: has no _embedded._entries, so it is not a FINT page. {_HINT}")
    return content
