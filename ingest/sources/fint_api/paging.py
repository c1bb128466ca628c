"""One resource read page by page, whole or its changes, until what was read can be trusted.

FINT lists entries in the order they were last changed. An entry that changes while the list is read moves
to its end; all behind it move one place up, and the one that moves across a page's edge is never seen. So
a reading counts only when nothing changed meanwhile and every entry promised came, or when the next
reading finds the same ids. Links to the next page are not followed: they may leave out `sinceTimeStamp`,
and may name another host. They tell that there is more; the place is computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from ingest.delivery import Kind, SourceError
from ingest.sources.fint_api.client import Client, NotOfferedError, TooLargeError
from ingest.sources.fint_api.connection import Paging
from ingest.sources.fint_api.ids import distinct, packed, superseded
from ingest.sources.fint_api.kept import Done, RunFolder, Sheet, page_name
from ingest.sources.fint_api.skim import Skimmed, Skimmer, cache_size, last_updated, written

T = TypeVar("T")
_SMALLER, _SMALLEST = 8, 50


@dataclass
class Reading:
    """A resource read once from beginning to end."""

    number: int
    began: int | None
    ended: int | None = None
    pages: list[str] = field(default_factory=list)
    keys: list[pl.Series] = field(default_factory=list)
    totals: set[int | None] = field(default_factory=set)
    more: bool = True

    @property
    def rows(self) -> int:
        return sum(len(keys) for keys in self.keys)

    @property
    def promised(self) -> int:
        return max((total or 0 for total in self.totals), default=0)

    @property
    def calm(self) -> bool:
        return self.began == self.ended and len(self.totals) <= 1


class ResourceReader:
    """Reads resources into the run's folder."""

    def __init__(
        self,
        client: Client,
        folder: RunFolder,
        skimmer: Skimmer,
        paging: Paging,
        tell_read: Callable[[int], None],
    ) -> None:
        self._client = client
        self._folder = folder
        self._skimmer = skimmer
        self._paging = paging
        self._tell_read = tell_read

    def last_updated(self, path: str) -> int | None:
        return self._asked(f"{path}/last-updated", last_updated)

    def size(self, path: str) -> int | None:
        return self._asked(f"{path}/cache/size", cache_size)

    def whole(self, path: str) -> Done:
        """Every entry there is."""
        readings: list[Reading] = []
        ids: list[pl.Series] = []
        for number in range(1, self._paging.passes + 1):
            reading = self._read(path, number, None)
            readings.append(reading)
            ids.append(distinct(reading.keys))
            perfect = reading.calm and len(ids[-1]) == reading.rows == reading.promised
            if perfect or (len(ids) > 1 and ids[-1].equals(ids[-2])):
                self._must_be_all(path, reading.rows, reading.promised)
                return self._settled(path, [reading], ids[-1], "full", readings[0].began)
        every = distinct(ids)
        self._must_be_all(path, len(every), readings[-1].promised)
        return self._settled(path, readings, every, "full", readings[0].began)

    def changes(self, path: str, since: int, overlap: int) -> Done:
        """The entries added or changed since; the total FINT states here is that of all entries."""
        readings: list[Reading] = []
        ids: list[pl.Series] = []
        for number in range(1, self._paging.passes + 1):
            reading = self._read(path, number, max(1, since - overlap))
            readings.append(reading)
            ids.append(distinct(reading.keys))
            perfect = reading.calm and len(ids[-1]) == reading.rows
            if perfect or (len(ids) > 1 and ids[-1].equals(ids[-2])):
                return self._settled(path, [reading], ids[-1], "delta", readings[0].began)
        # It never held still: land what there is, and ask from the same moment next time.
        return self._settled(path, readings, distinct(ids), "delta", since)

    def _read(self, path: str, number: int, since: int | None) -> Reading:
        reading = self._resumed(path, number, since)
        seen = {_fingerprint(keys) for keys in reading.keys}
        size = self._paging.size
        while reading.more:
            size, page = self._page(path, since, reading.rows, size)
            reading.totals.add(page.total)
            # The same page again: the place asked for is ignored, and whatever came is all there is.
            if reading.pages and (not len(page.keys) or _fingerprint(page.keys) in seen):
                break
            seen.add(_fingerprint(page.keys))
            name = page_name(path, number, len(reading.pages))
            sheet = Sheet(
                path,
                since,
                reading.began,
                reading.rows,
                size,
                page.total,
                page.has_next,
                written(page.entries),
            )
            self._folder.write(name, sheet)
            self._tell_read(len(page.keys))
            _take(reading, name, sheet, page.keys)
        reading.ended = self.last_updated(path)
        return reading

    def _resumed(self, path: str, number: int, since: int | None) -> Reading:
        """What an earlier run read of it, if nothing has changed since then."""
        now = self.last_updated(path)
        reading = Reading(number, now)
        for name, sheet in self._folder.stored(path, number):
            if (sheet.since, sheet.last_updated, sheet.offset) != (since, now, reading.rows):
                self._folder.remove(path, number=number)
                return Reading(number, now)
            keys = self._skimmer.page(sheet.body).keys
            self._tell_read(len(keys))
            _take(reading, name, sheet, keys)
        return reading

    def _page(self, path: str, since: int | None, offset: int, size: int) -> tuple[int, Skimmed]:
        while True:
            parameters = {"offset": offset, "size": size}
            if since is not None:
                parameters["sinceTimeStamp"] = since
            try:
                return size, self._client.get(path, self._skimmer.page, parameters)
            except TooLargeError:
                if size // _SMALLER < _SMALLEST:
                    raise SourceError(
                        f"{path}: a page of {size} entries is larger than "
                        f"{self._paging.largest_page_megabytes:g} MB. If that is right, raise "
                        "largest_page_megabytes in the connection file."
                    ) from None
                size //= _SMALLER
            except NotOfferedError as refusal:
                if offset == 0:
                    raise
                raise SourceError(
                    f"{path}: FINT answered {refusal.status} in the middle of the list. "
                    "Nothing landed; run again."
                ) from None

    def _settled(
        self, path: str, readings: list[Reading], ids: pl.Series, kind: Kind, go_on_from: int | None
    ) -> Done:
        """Keep each entry's last copy, and only the pages that count."""
        pages = [page for reading in readings for page in reading.pages]
        keys = [keys for reading in readings for keys in reading.keys]
        # What FINT lists twice while nothing changes is for landing to judge, as in a dump.
        lost = {} if len(readings) == 1 and readings[0].calm else superseded(keys)
        sizes = [self._without(name, lost.get(place, set())) for place, name in enumerate(pages)]
        self._folder.remove(path, but=frozenset(pages))
        return Done(kind, go_on_from, pages, sizes, len(ids), packed(ids))

    def _without(self, name: str, rows: set[int]) -> int:
        sheet = self._folder.read(name)
        if sheet is None:
            raise SourceError(f"{name}: a page kept on disk cannot be opened any more. Run again.")
        if rows:
            entries = self._skimmer.page(sheet.body).entries
            sheet.body = written([entry for row, entry in enumerate(entries) if row not in rows])
            self._folder.write(name, sheet)
        return len(sheet.body)

    def _must_be_all(self, path: str, found: int, promised: int) -> None:
        if found < promised:
            raise SourceError(
                f"{path}: FINT says there are {promised} entries, and gave {found}, read up to "
                f"{self._paging.passes} times. Nothing landed. Run again when FINT is quieter, "
                "outside its nightly synchronisation; if it stays so, ask whoever delivers to FINT."
            )

    def _asked(self, path: str, parse: Callable[[bytearray], T]) -> T | None:
        try:
            return self._client.get(path, parse)
        except NotOfferedError:
            return None


def _take(reading: Reading, name: str, sheet: Sheet, keys: pl.Series) -> None:
    reading.pages.append(name)
    reading.keys.append(keys)
    reading.totals.add(sheet.total)
    # A full page may have another behind it, whatever the total says; of changes the total says nothing.
    short_of_total = sheet.since is None and reading.rows < (sheet.total or 0)
    reading.more = len(keys) > 0 and (sheet.has_next or short_of_total or len(keys) >= sheet.asked)


def _fingerprint(keys: pl.Series) -> int:
    return hash(tuple(keys.to_list()))
