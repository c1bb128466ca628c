"""Lines of text out of a file of any size, whatever its encoding and line ends.

The file is read in blocks that end with a line. A line is UTF-8 where it is valid as such, else
Windows-1252: exports that were glued together may hold both. UTF-16 is known by its mark, or by every
second byte being zero.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from ingest.delivery import SourceError

BLOCK = 4 << 20
LONGEST_LINE = 1_000_000
# Stands for a line that is too long to be kept; no text that passes for text holds it.
TOO_LONG = "\x00too long\x00"
_PROBE = 4096
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SHARE_OF_NULS = 0.1


@dataclass
class Lines:
    """A text file, on disk or in an archive.

    `encoding` and `complete` are known for certain once the blocks have been read.
    """

    name: str
    open: Callable[[], IO[bytes]]
    stated: str | None = None
    encoding: str = ""
    complete: bool = True

    def blocks(self) -> Iterator[list[str]]:
        """Lists of lines without their ends; a file without a single line gives none."""
        found: set[str] = set()
        last = b"\n"
        for block in _whole_lines(self._bytes()):
            last = block
            lines = self._decoded(block, found)
            self.encoding = self.encoding or " and ".join(sorted(found, reverse=True))
            yield lines
        self.encoding = self._described(found)
        self.complete = last.endswith((b"\n", b"\r"))

    def _described(self, found: set[str]) -> str:
        if self.stated:
            return self.stated
        return self._utf_16() or " and ".join(sorted(found, reverse=True)) or "UTF-8"

    def _utf_16(self) -> str | None:
        with self.open() as handle:
            start = handle.read(_PROBE)
        for mark, name in _UTF_16.items():
            if start.startswith(mark):
                return name
        for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
            if len(zeros) > 1 and zeros.count(0) > 0.8 * len(zeros):
                return name
        if start.count(0) > _SHARE_OF_NULS * len(start):
            raise self._not_text()
        return None

    def _bytes(self) -> Iterator[bytes]:
        """The file piece by piece; what is not read line by line as below is made UTF-8 first."""
        encoding = self.stated or self._utf_16()
        with self.open() as handle:
            if encoding is None:
                while piece := handle.read(BLOCK):
                    yield piece
                return
            try:
                decoder = codecs.getincrementaldecoder(encoding)()
                while piece := handle.read(BLOCK):
                    yield decoder.decode(piece).encode()
                yield decoder.decode(b"", final=True).encode()
            except (UnicodeError, LookupError):
                raise self._not_text(encoding) from None

    def _decoded(self, block: bytes, found: set[str]) -> list[str]:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        ended = block.endswith(b"\n")
        if self.stated or self._is_utf_8(block):
            found.add("UTF-8")
            lines = block.decode().split("\n")
        else:
            lines = [self._line(line, found) for line in block.split(b"\n")]
        if ended:
            lines.pop()
        if lines:
            lines[0] = lines[0].removeprefix("\ufeff")
        return [line if len(line) <= LONGEST_LINE else TOO_LONG for line in lines]

    @staticmethod
    def _is_utf_8(block: bytes) -> bool:
        try:
            block.decode()
        except UnicodeDecodeError:
            return False
        return True

    def _line(self, line: bytes, found: set[str]) -> str:
        try:
            text = line.decode()
            if not text.isascii():
                found.add("UTF-8")
        except UnicodeDecodeError:
            found.add("Windows-1252")
        else:
            return text
        try:
            return line.decode("cp1252")
        except UnicodeDecodeError:
            raise self._not_text() from None

    def _not_text(self, encoding: str | None = None) -> SourceError:
        return SourceError(
            f"{self.name}: is not text in {encoding or 'UTF-8 or Windows-1252'}. Export it again as CSV."
        )


def _whole_lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces cut at line ends; of a line longer than a block only `TOO_LONG` is kept."""
    rest, skipping = b"", False
    for piece in pieces:
        held = rest + piece
        # A carriage return at the very end may be half of a line end.
        cut = max(held.rfind(b"\n"), held.rfind(b"\r", 0, len(held) - 1)) + 1
        if not cut:
            skipping = skipping or len(held) > BLOCK
            rest = held[-1:] if skipping else held
            continue
        if skipping:
            first = min(place for place in (held.find(b"\n"), held.find(b"\r")) if place >= 0)
            held, cut = TOO_LONG.encode() + held[first:], cut - first + len(TOO_LONG)
            skipping = False
        yield held[:cut]
        rest = held[cut:]
    if skipping:
        yield TOO_LONG.encode()
    elif rest:
        yield rest
