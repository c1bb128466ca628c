"""Ways to spoil a text file as bytes, whatever its format."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from collections.abc import Callable

Bytes = Callable[[bytes], bytes]
HTML = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>\n"
XML = b'<?xml version="1.0"?>\n<elever><elev id="1"><navn>Kari</navn></elev></elever>\n'
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"


def cut(share: float) -> Bytes:
    return lambda content: content[: int(len(content) * share)]


def cut_in_a_letter(content: bytes) -> bytes:
    """Inside the last letter of several bytes."""
    place = max(content.rfind(letter.encode()) for letter in "æøåÆØÅ«»§")
    return content[: place + 1]


def cut_in_a_quote(content: bytes) -> bytes:
    """Three bytes into the last quoted text."""
    return content[: content.rfind(b'"', 0, content.rfind(b'"')) + 4]


def without_last_bytes(number: int) -> Bytes:
    return lambda content: content[:-number]


def replaced(old: bytes, new: bytes, count: int = -1) -> Bytes:
    def change(content: bytes) -> bytes:
        assert old in content, old
        return content.replace(old, new, count)

    return change


def constant(new: bytes) -> Bytes:
    return lambda content: new


def after_first_line(new: bytes) -> Bytes:
    return lambda content: content.replace(b"\n", b"\n" + new, 1)


def before(new: bytes) -> Bytes:
    return lambda content: new + content


def behind(new: bytes) -> Bytes:
    return lambda content: content + new


def encoded(encoding: str, mark: bytes = b"") -> Bytes:
    return lambda content: mark + content.decode().encode(encoding, "replace")


def encoded_twice(content: bytes) -> bytes:
    return content.decode("cp1252", "replace").encode()


def letter(encoded_as: bytes) -> Bytes:
    """The first letter of several bytes, put otherwise."""

    def change(content: bytes) -> bytes:
        found = next(one for one in content.decode() if ord(one) > 127)
        return content.replace(found.encode(), encoded_as, 1)

    return change


def middle(new: bytes) -> Bytes:
    return lambda content: content[: len(content) // 2] + new + content[len(content) // 2 :]


def zeroed_tail(content: bytes) -> bytes:
    """As a file system may leave a file after a loss of power."""
    half = len(content) // 2
    return content[:half] + b"\x00" * (len(content) - half)


def zipped(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("innhold", content)
    return held.getvalue()


# What is no text at all, or the text of something else: nothing of it may land.
FOREIGN: dict[str, Bytes] = {
    "empty file": constant(b""),
    "one blank": constant(b" "),
    "only line breaks": constant(b"\n\r\n\n"),
    "only a byte-order mark": constant(codecs.BOM_UTF8),
    "only a UTF-16 byte-order mark": constant(codecs.BOM_UTF16_LE),
    "only NUL bytes": lambda content: b"\x00" * len(content),
    "all bytes 0xFF": lambda content: b"\xff" * len(content),
    "tail zeroed by a loss of power": zeroed_tail,
    "NUL byte in the middle": middle(b"\x00"),
    "web server's error page": constant(HTML),
    "XML in its place": constant(XML),
    "picture in its place": constant(PNG),
    "PDF in its place": constant(PDF),
    "packed with gzip": lambda content: gzip.compress(content, mtime=0),
    "packed with zip": zipped,
    "UTF-32": encoded("utf-32-le", codecs.BOM_UTF32_LE),
    "UTF-16 without its mark": encoded("utf-16-le"),
    "EBCDIC": encoded("cp500"),
    "first half missing": lambda content: content[len(content) // 2 :],
}

LATIN_LETTER = letter(b"\xe6")

# Wrong or odd encodings of the right content.
ENCODINGS: dict[str, Bytes] = {
    "UTF-16 little-endian with its mark": encoded("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16 big-endian with its mark": encoded("utf-16-be", codecs.BOM_UTF16_BE),
    "Windows-1252": encoded("cp1252"),
    "one Latin-1 letter in UTF-8": LATIN_LETTER,
    "encoded twice": encoded_twice,
    "overlong letter": letter(b"\xc0\xaf"),
    "half a surrogate pair": letter(b"\xed\xa0\x80"),
    "letter beyond Unicode": letter(b"\xf7\xbf\xbf\xbf"),
    "byte-order mark": before(codecs.BOM_UTF8),
    "two byte-order marks": before(codecs.BOM_UTF8 * 2),
    "byte-order mark in the middle": letter(codecs.BOM_UTF8),
}

# Other marks for the end of a line, in a text of lines.
LINE_ENDS: dict[str, Bytes] = {
    "carriage returns alone": replaced(b"\n", b"\r"),
    "carriage return and line feed": replaced(b"\n", b"\r\n"),
    "line feed and carriage return": replaced(b"\n", b"\n\r"),
    "doubled carriage returns": replaced(b"\n", b"\r\r\n"),
    "one line ends in a carriage return": replaced(b"\n", b"\r", 1),
    "next-line characters": replaced(b"\n", "\u0085".encode()),
    "Unicode line separators": replaced(b"\n", "\u2028".encode()),
    "no line breaks": replaced(b"\n", b""),
    "blank line between any two": replaced(b"\n", b"\n\n"),
}
