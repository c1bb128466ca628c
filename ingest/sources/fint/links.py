"""Links between resources: which field names the target, and an index over all of them.

A link is an absolute address or a `${…}` placeholder; it names its target by any id field, in any
letter case: `${utdanning.elev.elev}/elevnummer/500001`, `https://…/skole/systemId/XX1234`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import unquote

from ingest.sources.fint.models import Identifier, Link

T = TypeVar("T")
ID_FIELDS = frozenset(
    {
        "systemid",
        "elevnummer",
        "brukernavn",
        "feidenavn",
        "skolenummer",
        "organisasjonsnummer",
        "organisasjonsid",
        "organisasjonskode",
        "fodselsnummer",
        "ansattnummer",
        "kode",
    }
)
# The other fields name a person, so a message must not repeat their values.
_OPEN_FIELDS = frozenset(
    {"systemid", "skolenummer", "organisasjonsnummer", "organisasjonsid", "organisasjonskode", "kode"}
)


class Target(NamedTuple):
    """What a link points at."""

    resource: str
    field: str
    value: str


def parse(href: str) -> Target:
    """The link's parts; a value may itself hold a slash."""
    parts = re.split("[?#]", href, maxsplit=1)[0].rstrip("/").split("/")
    for position, part in enumerate(parts[1:-1], start=1):
        if part.lower() in ID_FIELDS:
            value = unquote("/".join(parts[position + 1 :]))
            return Target(_resource(parts[position - 1]), part.lower(), value)
    field = parts[-2].lower() if len(parts) > 1 else ""
    return Target(_resource(parts[-3]) if len(parts) > 2 else "", field, unquote(parts[-1]))


def _resource(part: str) -> str:
    return part.strip("${}").rpartition(".")[2].lower()


def shown(href: str | None) -> str | None:
    """The link as a message may show it."""
    if href is None:
        return None
    target = parse(href)
    value = target.value if target.field in _OPEN_FIELDS else "***"
    return f"{target.resource}/{target.field}/{value}"


def first(links: list[Link]) -> str | None:
    return links[0].href if links else None


class Index(Generic[T]):
    """Records of one resource by every id field they have."""

    def __init__(self) -> None:
        self.records: list[T] = []
        self._exact: dict[tuple[str, str], T] = {}
        self._folded: dict[tuple[str, str], T] = {}

    def add(self, ids: Iterable[tuple[str, Identifier | None]], record: T) -> None:
        self.records.append(record)
        for field, identifier in ids:
            if identifier is not None and identifier.value:
                self._exact.setdefault((field, identifier.value), record)
                self._folded.setdefault((field, identifier.value.casefold()), record)

    def find(self, href: str) -> T | None:
        target = parse(href)
        found = self._exact.get((target.field, target.value))
        return found or self._folded.get((target.field, target.value.casefold()))


class Resolver(dict[str | None, str | None]):
    """Link → landing id, remembered, since the same few links stand in many rows.

    A target outside the delivery is passed on where the link already names the landing id: a delta
    may leave out what has landed before, and landing checks the reference.
    """

    def __init__(
        self, index: Index[T], landing_id: Callable[[T], str | None], passes_on: str | None = "systemid"
    ) -> None:
        super().__init__({None: None})
        self._resolve = self._resolver(index, landing_id, passes_on)

    @staticmethod
    def _resolver(
        index: Index[T], landing_id: Callable[[T], str | None], passes_on: str | None
    ) -> Callable[[str], str | None]:
        def resolve(href: str) -> str | None:
            record = index.find(href)
            if record is not None:
                return landing_id(record)
            target = parse(href)
            return target.value if target.field == passes_on and target.value else None

        return resolve

    def __missing__(self, href: str | None) -> str | None:
        found = None if href is None else self._resolve(href)
        self[href] = found
        return found
