"""A part of a workbook as a stream of XML events, bounded, and with nothing declared that could grow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple
from xml.parsers import expat

from ingest.sources.workbook.limits import PART_BYTES

_CHUNK = 1 << 16


class MalformedError(Exception):
    """Not the XML a workbook is made of."""


class TooLargeError(Exception):
    """More than a sheet that people fill in can be."""


class Event(NamedTuple):
    """An element begins (with its attributes) or ends, or text stands between."""

    what: str
    name: str
    attributes: dict[str, str]


def events(part: IO[bytes]) -> Iterator[Event]:
    """Element and attribute names come without their namespaces."""
    found: list[Event] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: found.append(
        Event("start", _local(name), {_local(key): value for key, value in attributes.items()})
    )
    parser.EndElementHandler = lambda name: found.append(Event("end", _local(name), {}))
    parser.CharacterDataHandler = lambda text: found.append(Event("text", text, {}))
    # Entities are how a small file becomes a huge one; a workbook has none.
    parser.StartDoctypeDeclHandler = _refuse
    read = 0
    try:
        while chunk := part.read(_CHUNK):
            read += len(chunk)
            if read > PART_BYTES:
                raise TooLargeError
            parser.Parse(chunk, False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise MalformedError from None
    yield from found


def _refuse(*_: object) -> None:
    raise MalformedError


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
