"""The resources of a delivery, each read batch by batch; an entry that cannot be read is rejected alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from ingest.delivery import SourceError
from ingest.sources.fint.forms import IDENTIFIER, NO_LINKS, form, spellings
from ingest.sources.fint.model import MODEL
from ingest.sources.fint.pages import Page
from ingest.sources.fint.split import HINT, Splitter, Window
from ingest.sources.output import Output

if TYPE_CHECKING:
    from ingest.progress import Progress

_FOLLOWS = "follows FINT's information model"
_PROBLEMS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Batch:
    """Decoded entries of one page, in columns; `rows` are their 1-based places in it."""

    def __init__(self, resource: str, file: str, rows: Sequence[int], entries: Sequence[Any]) -> None:
        self.resource = resource
        self.file = file
        self.rows = rows
        self._entries = entries
        self._identifiers: dict[str, list[Any]] = {}
        self._written: dict[str, list[bytes]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def place(self) -> dict[str, object]:
        """Where the rows of a frame stand; `at` is their place in the batch."""
        return {"source_file": self.file, "source_row": self.rows, "at": range(len(self))}

    def values(self, path: str) -> list[Any]:
        """An attribute, as `navn`, `tidsrom.start` or, for an id field, `systemId`."""
        if path in MODEL[self.resource].id_fields:
            if path not in self._identifiers:
                self._identifiers[path] = self._values(path, IDENTIFIER)
            return self._identifiers[path]
        name, _, inner = path.partition(".")
        return self._values(name, inner)

    def _values(self, name: str, inner: str) -> list[Any]:
        if not inner:
            return list(map(attrgetter(name), self._entries))
        try:
            return list(map(attrgetter(f"{name}.{inner}"), self._entries))
        except AttributeError:
            return [
                None if (outer := getattr(entry, name)) is None else getattr(outer, inner)
                for entry in self._entries
            ]

    @property
    def ids(self) -> list[str | None]:
        return self.values("systemId")

    @cached_property
    def id_texts(self) -> pl.Series:
        return pl.Series(self.ids, dtype=pl.String)

    def links(self, relation: str) -> list[bytes]:
        """A relation as it was written, in bytes."""
        if relation not in self._written:
            found = self._links(relation)
            for spelling in spellings(relation)[1:]:
                found = [one or other for one, other in zip(found, self._links(spelling), strict=True)]
            self._written[relation] = found
        return self._written[relation]

    def _links(self, field: str) -> list[bytes]:
        try:
            return list(map(bytes, map(attrgetter(f"links.{field}"), self._entries)))
        except AttributeError:
            return [
                NO_LINKS if one.links is None else bytes(getattr(one.links, field)) for one in self._entries
            ]


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

    def batches(
        self,
        resource: str,
        table: str,
        attributes: tuple[str, ...] = (),
        relations: tuple[str, ...] = (),
    ) -> Iterator[Batch]:
        """The resource's entries; one that cannot be read is rejected as a row of `table`."""
        self._read.add(resource)
        reader = _Reader(resource, attributes, relations, table, self._output)
        found, promised = 0, 0
        for page in self._pages.get(resource, []):
            splitter = Splitter(page)
            for window in splitter.windows():
                found += len(window.entries)
                if window.entries:
                    yield reader.batch(page.name, window)
                if self._progress:
                    self._progress.advance(window.size)
            promised = max(promised, splitter.promised)
        if self._complete and found < promised:
            raise SourceError(
                f"{resource}: the dump holds {found} entries, but says there are {promised}. "
                f"A full delivery must hold every page. {HINT}"
            )

    def again(self, resource: str, relations: tuple[str, ...]) -> Iterator[Batch]:
        """A resource that is read elsewhere too, for more of its links; says nothing a second time."""
        reader = _Reader(resource, (), relations, "", None)
        for page in self._pages.get(resource, []):
            for window in Splitter(page).windows():
                yield reader.batch(page.name, window)

    def count_unread(self) -> None:
        """Count the entries of resources nothing was made of."""
        for resource in sorted(set(self._pages) - self._read):
            for page in self._pages[resource]:
                count = sum(len(window.entries) for window in Splitter(page).windows())
                self._output.unread[page.name] = count


class _Reader:
    """Decodes the windows of one resource."""

    def __init__(
        self,
        resource: str,
        attributes: tuple[str, ...],
        relations: tuple[str, ...],
        table: str,
        output: Output | None,
    ) -> None:
        shape = form(resource, attributes, relations)
        self._resource = resource
        self._table = table
        self._output = output
        self._all = msgspec.json.Decoder(list[shape]).decode  # type: ignore[valid-type]
        self._one = msgspec.json.Decoder(shape).decode
        self._id_fields = MODEL[resource].id_fields

    def batch(self, file: str, window: Window) -> Batch:
        rows: Sequence[int] = range(window.first, window.first + len(window.entries))
        try:
            entries = self._all(window.text)
        except _PROBLEMS:
            return self._one_by_one(file, window)
        batch = Batch(self._resource, file, rows, entries)
        if window.forbidden or not self._all_have_ids(batch):
            return self._one_by_one(file, window)
        return batch

    def _all_have_ids(self, batch: Batch) -> bool:
        return any(all(batch.values(name)) for name in self._id_fields) or all(
            map(any, zip(*(batch.values(name) for name in self._id_fields), strict=True))
        )

    def _one_by_one(self, file: str, window: Window) -> Batch:
        rows, entries = [], []
        for number, raw in enumerate(window.entries):
            row = window.first + number
            try:
                entry = self._one(raw)
            except _PROBLEMS as problem:
                reason = "is not UTF-8" if isinstance(problem, UnicodeDecodeError) else problem
                self._reject(file, row, f"{_FOLLOWS} ({reason})")
                continue
            if number in window.forbidden:
                self._reject(file, row, "holds no control signs")
            elif not any(getattr(getattr(entry, name), IDENTIFIER, None) for name in self._id_fields):
                self._reject(file, row, f"has {' or '.join(self._id_fields)}")
            else:
                rows.append(row)
                entries.append(entry)
        return Batch(self._resource, file, rows, entries)

    def _reject(self, file: str, row: int, rule: str) -> None:
        if self._output:
            self._output.reject(file, row, self._table, rule=rule)
