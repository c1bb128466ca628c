"""A page cut into windows of whole entries, so that a page of any size is never held as a whole.

Where a window may end is guessed from the bytes and then proved: from the start of an entry, bytes that
parse as a list of values end where an entry ends.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from ingest.delivery import SourceError
from ingest.sources.fint.pages import Page

WINDOW = 8 << 20
# An entry is a few hundred bytes; what is larger than this is none.
LARGEST_ENTRY = 64 << 20
HINT = "Fetch the dump again."
_ENTRIES = b'"_entries"'
_ARRAY = re.compile(rb"\s*:\s*\[\s*")
_BETWEEN = re.compile(rb"\}\s*,\s*(?=\{)")
_FIRST_KEY = re.compile(rb'\{\s*("[^"\\]*")')
_AGAIN = re.compile(_ENTRIES + rb"\s*:")
_TAILS = (1 << 16, 1 << 20, LARGEST_ENTRY)
_TRIES = 12
_BOM = b"\xef\xbb\xbf"
# Signs that JSON forbids inside texts, and halves of signs; some systems write them all the same.
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BLANKS = bytes(max(sign, 32) for sign in range(256))
_HIGH, _LOW = rb"\\u[dD][89abAB][0-9a-fA-F]{2}", rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF_SIGN = re.compile(rb"%b(?!%b)|(?<!%b)%b" % (_HIGH, _LOW, _HIGH, _LOW))
_PROBLEMS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
T = TypeVar("T")


class _Embedded(msgspec.Struct):
    entries: list[msgspec.Raw] | None = msgspec.field(name="_entries", default=None)


class _Page(msgspec.Struct):
    embedded: _Embedded | None = msgspec.field(name="_embedded", default=None)
    total_items: int | None = None


_page = msgspec.json.Decoder(_Page).decode
_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


@dataclass(frozen=True)
class Window:
    """Some entries in a row, and as one JSON list; `first` is the 1-based place of the first.

    Those in `forbidden` hold signs that JSON forbids.
    """

    first: int
    text: bytes
    entries: list[msgspec.Raw]
    size: int
    forbidden: frozenset[int] = frozenset()


class Splitter:
    """One page's windows; `promised` is what the page says there is, known when all are read."""

    def __init__(self, page: Page, window: int = WINDOW) -> None:
        self._page = page
        self._window = window
        self.promised = 0

    def windows(self) -> Iterator[Window]:
        content = self._page.content()
        start = position = self._start(content)
        key = _first_key(content, start)
        first, wanted = 1, self._window
        with memoryview(content) as view:
            while len(content) - position > wanted:
                found = _whole_entries(view[position : position + wanted], key, first)
                if found is None:
                    wanted *= 2
                    self._refuse_if(
                        wanted > LARGEST_ENTRY,
                        "an entry is not JSON, is never closed, or is larger than 64 MB",
                    )
                    continue
                yield found
                first, position, wanted = first + len(found.entries), position + found.size, self._window
                _forget(content, position)
        if position < len(content):
            yield self._last(first, content[:start].removeprefix(_BOM), content[position:])

    def _start(self, content: bytes | mmap.mmap) -> int:
        """Where the first entry begins; the end where there is none."""
        found = content.find(_ENTRIES)
        array = _ARRAY.match(content, found + len(_ENTRIES)) if found >= 0 else None
        if array is None:
            return self._without_entries(content)
        prefix = content[: array.end()].removeprefix(_BOM)
        page, _ = self._parsed(_page, prefix + b"null]}}")
        self._refuse_if(not page.embedded or not page.embedded.entries, "_entries is not in _embedded")
        return array.end()

    def _without_entries(self, content: bytes | mmap.mmap) -> int:
        """An empty result may leave the entries out; all else is no page."""
        self._refuse_if(len(content) > self._window, "has no _embedded._entries")
        page, _ = self._parsed(_page, content[:].removeprefix(_BOM))
        self._refuse_if(page.embedded is not None or page.total_items != 0, "has no _embedded._entries")
        return len(content)

    def _last(self, first: int, prefix: bytes, rest: bytes) -> Window:
        """The last entries, and what follows them."""
        page, text = self._parsed(_page, prefix + rest)
        entries = (page.embedded.entries if page.embedded else None) or []
        self._refuse_if(_AGAIN.search(rest) is not None, "has _entries twice")
        self.promised = page.total_items or 0
        forbidden = _holding_forbidden(prefix + rest, text, entries)
        return Window(first, b"".join((b"[", b",".join(entries), b"]")), entries, len(rest), forbidden)

    def _parsed(self, decode: Callable[[bytes], T], text: bytes) -> tuple[T, bytes]:
        try:
            return _tolerant(decode, text)
        except _PROBLEMS as problem:
            raise self._refused(str(problem)) from None

    def _refuse_if(self, refused: bool, why: str) -> None:
        if refused:
            raise self._refused(why)

    def _refused(self, why: str) -> SourceError:
        return SourceError(
            f"{self._page.name}: not a whole FINT page ({why}). Expected JSON with _embedded._entries. {HINT}"
        )


def _first_key(content: bytes | mmap.mmap, start: int) -> bytes:
    """How the first entry begins, as most others do too."""
    found = _FIRST_KEY.match(content, start)
    return found[1] if found else b'"'


def _whole_entries(view: memoryview, key: bytes, first: int) -> Window | None:
    """As many whole entries as the bytes hold."""
    return _up_to_an_end(view, view, key, first) or _up_to_an_end(_repaired(bytes(view)), view, key, first)


def _up_to_an_end(read: bytes | memoryview, written: memoryview, key: bytes, first: int) -> Window | None:
    for end, following in _likely_ends(read, key):
        text = b"".join((b"[", read[:end], b"]"))
        try:
            entries = _list(text)
        except _PROBLEMS:
            continue
        forbidden: frozenset[int] = frozenset()
        if read is not written:
            forbidden = _holding_forbidden(b"".join((b"[", written[:end])), text, entries)
        return Window(first, text, entries, following, forbidden)
    return None


def _likely_ends(text: bytes | memoryview, key: bytes) -> Iterator[tuple[int, int]]:
    """Where an entry may end and the next begins, likeliest first: late, and followed as an entry begins."""
    for tail in _TAILS:
        start = max(0, len(text) - tail)
        part = bytes(text[start:])
        ends = sorted(_BETWEEN.finditer(part), key=lambda one: (_unlikely(part, one.end(), key), -one.end()))
        yield from ((start + one.start() + 1, start + one.end()) for one in ends[:_TRIES])
        if not start:
            return


def _unlikely(text: bytes, position: int, key: bytes) -> int:
    found = _FIRST_KEY.match(text, position)
    if found is None:
        return 3
    return 0 if found[1] == key else 2 if found[1] == b'"href"' else 1


def _tolerant(decode: Callable[[bytes], T], text: bytes) -> tuple[T, bytes]:
    """What is decoded, and the text it was decoded from."""
    try:
        return decode(text), text
    except _PROBLEMS:
        repaired = _repaired(text)
        return decode(repaired), repaired


def _repaired(text: bytes) -> bytes:
    """As long as the text, with blanks for control signs and the sign for the unreadable for halves."""
    return _HALF_SIGN.sub(rb"\\ufffd", text.translate(_BLANKS))


def _holding_forbidden(text: bytes, read: bytes, entries: list[msgspec.Raw]) -> frozenset[int]:
    """Which entries hold control signs; only looked for where the text had to be repaired."""
    found: set[int] = set()
    if read.startswith(text) or not _FORBIDDEN.search(text):
        return frozenset()
    position = 0
    for number, entry in enumerate(entries):
        start = read.index(bytes(entry), position)
        position = start + len(bytes(entry))
        if _FORBIDDEN.search(text, start, position):
            found.add(number)
    return frozenset(found)


def _forget(content: bytes | mmap.mmap, position: int) -> None:
    """Let what was read leave memory."""
    if isinstance(content, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED, 0, position)
