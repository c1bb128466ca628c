"""Which characters the documents' typeface can show: a name typed in a sheet may hold any.

The paper must be readable by a screen reader (PDF/UA), so a character without a glyph would stop it.
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path

MISSING = "?"


def printable(text: str, font: Path) -> str:
    """The text with every character the font has no glyph for replaced; what has no width is left out."""
    glyphs = _characters(font)
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        one if one.isspace() or ord(one) in glyphs else MISSING
        for one in composed
        if unicodedata.category(one) != "Cf"
    )


@cache
def _characters(font: Path) -> frozenset[int]:
    """Read from the font's own table `cmap`, in its format 4 (to U+FFFF) or 12."""
    data = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    start = next(
        struct.unpack_from(">I", data, 12 + 16 * number + 8)[0]
        for number in range(tables)
        if data[12 + 16 * number : 16 + 16 * number] == b"cmap"
    )
    (encodings,) = struct.unpack_from(">H", data, start + 2)
    offsets = {struct.unpack_from(">I", data, start + 8 + 8 * number)[0] for number in range(encodings)}
    found: set[int] = set()
    for at in (start + offset for offset in offsets):
        (kind,) = struct.unpack_from(">H", data, at)
        if kind == 12:
            (groups,) = struct.unpack_from(">I", data, at + 12)
            for number in range(groups):
                first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * number)
                found.update(range(first, last + 1))
        elif kind == 4:
            (double,) = struct.unpack_from(">H", data, at + 6)
            ends = struct.unpack_from(f">{double // 2}H", data, at + 14)
            starts = struct.unpack_from(f">{double // 2}H", data, at + 16 + double)
            for first, last in zip(starts, ends, strict=True):
                found.update(range(first, last + 1))
    return frozenset(found - {0xFFFF})
