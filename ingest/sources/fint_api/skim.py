"""A page of FINT's HAL form, looked at just closely enough: entries, their ids, and what it promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
import polars as pl
from msgspec import Raw, Struct, field

from ingest.sources.fint_api.client import UnreadableError

T = TypeVar("T")
KEY_BYTES = 8
_OPENING, _CLOSING = b'{"_embedded":{"_entries":[', b"]}}"
_FIRST_OF_MARKUP = ord("<")


class _Identifier(Struct):
    value: str = field(name="identifikatorverdi", default="")


class _Link(Struct):
    href: str = ""


class _Own(Struct):
    own: list[_Link] = field(name="self", default_factory=list)


class _Identified(Struct):
    system_id: _Identifier | None = field(name="systemId", default=None)
    links: _Own | None = field(name="_links", default=None)


class _Next(Struct):
    following: list[_Link] = field(name="next", default_factory=list)


class _Embedded(Struct):
    entries: list[Raw] | None = field(name="_entries", default=None)


class _Page(Struct):
    embedded: _Embedded | None = field(name="_embedded", default=None)
    total_items: int | None = None
    links: _Next | None = field(name="_links", default=None)


class _LastUpdated(Struct):
    last_updated: int | str = field(name="lastUpdated")


class _CacheSize(Struct):
    size: int


class Skimmed(NamedTuple):
    """A page's entries as they came, each with a key made of its id."""

    entries: list[Raw]
    keys: pl.Series
    total: int | None
    has_next: bool


class Skimmer:
    """Keys are keyed hashes, for ids may hold identity numbers."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def page(self, body: bytes | bytearray) -> Skimmed:
        page = _decoded(body, _Page)
        entries = page.embedded.entries if page.embedded else None
        if entries is None and page.total_items != 0:
            raise UnreadableError("answered with JSON that is not a page of entries")
        listed = entries or []
        keys = [self._key(one, raw) for one, raw in zip(_identified(listed), listed, strict=True)]
        links = page.links.following if page.links else []
        return Skimmed(
            listed,
            pl.Series(keys, dtype=pl.UInt64),
            page.total_items,
            any(_offset(link.href) for link in links),
        )

    def _key(self, entry: _Identified | None, raw: Raw) -> int:
        digest = blake2b(_id(entry) or bytes(raw), digest_size=KEY_BYTES, key=self._secret)
        return int.from_bytes(digest.digest(), "little")


def last_updated(body: bytearray) -> int:
    """Milliseconds since 1970 by FINT's clock; some write them as text."""
    try:
        return int(_decoded(body, _LastUpdated).last_updated)
    except ValueError:
        raise UnreadableError("answered with a lastUpdated that is not a number") from None


def cache_size(body: bytearray) -> int:
    return _decoded(body, _CacheSize).size


def written(entries: Sequence[Raw]) -> bytes:
    """A page of the entries alone; what it promised has been dealt with."""
    return b"".join((_OPENING, b",".join(map(bytes, entries)), _CLOSING))


def joined(pages: Sequence[bytes]) -> bytes:
    """Pages as written here, as one."""
    if len(pages) == 1:
        return pages[0]
    entries = (page[len(_OPENING) : -len(_CLOSING)] for page in pages)
    return b"".join((_OPENING, b",".join(filter(None, entries)), _CLOSING))


def _decoded(body: bytes | bytearray, form: type[T]) -> T:
    try:
        # The decoder looks only at the text it keeps.
        body.decode("utf-8")
        return msgspec.json.decode(body, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = bytes(body[:200]).lstrip()
    if not text:
        raise UnreadableError("answered with nothing")
    if text[0] == _FIRST_OF_MARKUP:
        raise UnreadableError("answered with a web page or XML instead of JSON")
    raise UnreadableError("answered with JSON that is cut off or not as FINT writes it")


def _identified(entries: list[Raw]) -> Iterator[_Identified | None]:
    decode = msgspec.json.Decoder(_Identified).decode
    for raw in entries:
        try:
            yield decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield None


def _id(entry: _Identified | None) -> bytes:
    """The systemId, else the first address of its own; the reader judges what has neither."""
    if entry is None:
        return b""
    if entry.system_id and entry.system_id.value:
        return b"id:" + entry.system_id.value.encode("utf-8", "surrogatepass")
    own = entry.links.own if entry.links else []
    return b"self:" + own[0].href.lower().encode("utf-8", "surrogatepass") if own and own[0].href else b""


def _offset(href: str) -> bool:
    """Whether a link names a place in the list; only that there is more is learnt from it."""
    try:
        return "offset" in parse_qs(urlsplit(href).query)
    except ValueError:
        return False
