"""Where links lead: an index of a resource by its id fields, and the relations that are looked up in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Generic, TypeVar

from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.links import hrefs, parse
from ingest.sources.fint.model import MODEL

T = TypeVar("T")
# Links that do not repeat are not worth remembering for ever.
_REMEMBERED = 100_000


class Index(Generic[T]):
    """Records of one resource by every id field they have; the first of two with the same id counts."""

    def __init__(self, resource: str) -> None:
        self.resource = resource
        self._exact: dict[str, dict[str, T]] = {field.lower(): {} for field in MODEL[resource].id_fields}
        self._folded: dict[str, dict[str, T]] = {}
        # What relations that look up alike have found so far.
        self.found: dict[tuple[object, ...], dict[bytes, tuple[T | None, ...]]] = {}

    def add(self, batch: Batch, records: Sequence[T | None]) -> None:
        for name in MODEL[self.resource].id_fields:
            known = self._exact[name.lower()]
            for value, record in zip(batch.values(name), records, strict=True):
                if value and record is not None:
                    known.setdefault(value, record)
        self._folded = {}
        for found in self.found.values():
            found.clear()

    def find(self, href: str) -> T | None:
        _, field, value = parse(href)
        known = self._exact.get(field)
        if known is None:
            return None
        if value in known:
            return known[value]
        if field not in self._folded:
            self._folded[field] = {key.casefold(): known[key] for key in reversed(known)}
        return self._folded[field].get(value.casefold())

    def of(self, batch: Batch) -> list[T | None]:
        """The records of entries that are read again."""
        found: list[T | None] = [None] * len(batch)
        for name in MODEL[self.resource].id_fields:
            known = self._exact[name.lower()]
            found = [
                one if one is not None or not value else known.get(value)
                for one, value in zip(found, batch.values(name), strict=True)
            ]
        return found


class Relation(Generic[T]):
    """One relation of one resource: from its entries to the records they link to.

    Where an entry has no link, the link that leads to it from the other side is taken.
    """

    def __init__(self, dump: Dump, resource: str, name: str, index: Index[T]) -> None:
        self.name = name
        self._dump = dump
        self._resource = MODEL[resource]
        self._relation = self._resource.relations[name]
        self._index = index
        self._known = self._remembered()

    def lookup(self, href: str) -> T | None:
        return self._index.find(href)

    def _remembered(self) -> dict[bytes, tuple[T | None, ...]]:
        return _Remembered(self)

    def every(self, batch: Batch) -> list[tuple[T | None, ...]]:
        """What each entry links to; None where a link leads nowhere."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        found = list(map(self._known.__getitem__, batch.links(self.name)))
        if not all(found):
            self._add_inverse(batch, found)
        return found

    def lost(self, batch: Batch, at: int) -> list[str]:
        """The links of an entry that lead nowhere."""
        return [href for href in hrefs(batch.links(self.name)[at]) if self.lookup(href) is None]

    def from_other_side(self, href: str) -> list[T]:
        """The records that link to this address, be it of an entry that was not delivered."""
        _, field, value = parse(href)
        return self._inverse.get((field, value.casefold()), [])

    def one(self, batch: Batch) -> list[T | None]:
        """The first that each entry links to."""
        return [each[0] if each else None for each in self.every(batch)]

    def _add_inverse(self, batch: Batch, found: list[tuple[T | None, ...]]) -> None:
        if not self._inverse:
            return
        for name in self._resource.id_fields:
            for at, (each, value) in enumerate(zip(found, batch.values(name), strict=True)):
                if not each and value:
                    found[at] = tuple(self._inverse.get((name.lower(), value.casefold()), ()))

    @cached_property
    def _inverse(self) -> dict[tuple[str, str], list[T]]:
        """From what the other side links to, to the records there."""
        found: dict[tuple[str, str], list[T]] = {}
        name = self._relation.inverse
        if name not in MODEL[self._index.resource].relations:
            return found
        for batch in self._dump.again(self._index.resource, (name,)):
            for record, written in zip(self._index.of(batch), batch.links(name), strict=True):
                if record is None:
                    continue
                for href in hrefs(written):
                    _, field, value = parse(href)
                    found.setdefault((field, value.casefold()), []).append(record)
        return found


class _Remembered(dict[bytes, tuple[T | None, ...]]):
    """Links as written → what they lead to."""

    def __init__(self, relation: Relation[T]) -> None:
        super().__init__()
        self._lookup = relation.lookup

    def __missing__(self, written: bytes) -> tuple[T | None, ...]:
        found = self[written] = tuple(map(self._lookup, hrefs(written)))
        return found


class PassingOn(Relation[str]):
    """A relation whose links may name the landing id themselves.

    A delta may leave out what has landed before, and landing checks the reference.
    """

    def __init__(
        self, dump: Dump, resource: str, name: str, index: Index[str], field: str = "systemid"
    ) -> None:
        self._field = field
        super().__init__(dump, resource, name, index)

    def _remembered(self) -> dict[bytes, tuple[str | None, ...]]:
        """The same few enrolments are named by many resources."""
        return self._index.found.setdefault((type(self), self._field), _Remembered(self))

    def lookup(self, href: str) -> str | None:
        found = self._index.find(href)
        if found is None:
            _, field, value = parse(href)
            if field == self._field and value:
                return value
        return found


def pairs(every: Sequence[tuple[T | None, ...]]) -> tuple[Sequence[int], list[T | None]]:
    """Many to many, as the place of each entry in its batch and one thing it leads to."""
    found = list(chain.from_iterable(every))
    if len(found) == len(every) and all(every):
        return range(len(every)), found
    return [at for at, each in enumerate(every) for _ in each], found
