"""Links between resources: which field names the target, and where they lead.

A link is an absolute address or a `${…}` placeholder; it names its target by any id field, in any
letter case: `${utdanning.elev.elev}/elevnummer/500001`, `https://…/skole/systemId/XX1234`.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from ingest.sources.fint.model import MODEL

UNREADABLE = ""
_END = re.compile("[?#]")
_SPECIAL = re.compile("[?#%]")
# Most links differ in their last part alone: what stands before it → resource and field.
_KNOWN: dict[str, tuple[str, str]] = {}
_MOST_KNOWN = 1_000


class Target(NamedTuple):
    """What a link points at."""

    resource: str
    field: str
    value: str


class _Link(msgspec.Struct, gc=False):
    href: str


_usual = msgspec.json.Decoder(list[_Link]).decode


def hrefs(written: bytes) -> list[str]:
    """The addresses of a relation: a list of links, or a single one; none where it is empty or null.

    What is no link counts as an address that leads nowhere.
    """
    if not written:
        return []
    try:
        return [link.href for link in _usual(written)]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _unusual(written)


def _unusual(written: bytes) -> list[str]:
    try:
        found = msgspec.json.decode(written)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return [UNREADABLE]
    links = found if isinstance(found, list) else [found]
    return [_href(link) for link in links if link is not None]


def _href(link: Any) -> str:
    found = link.get("href") if isinstance(link, dict) else link
    return found if isinstance(found, str) else UNREADABLE


def parse(href: str) -> Target:
    """The link's parts; a value may itself hold a slash."""
    address, _, value = href.rpartition("/")
    known = _KNOWN.get(address)
    if known and value and not _SPECIAL.search(value):
        return Target(*known, value)
    found = _parsed(href)
    if found.value == value and not _END.search(href) and len(_KNOWN) < _MOST_KNOWN:
        _KNOWN[address] = found.resource, found.field
    return found


def _parsed(href: str) -> Target:
    if "?" in href or "#" in href:
        href = _END.split(href, maxsplit=1)[0]
    parts = href.rstrip("/").split("/")
    for position, part in enumerate(parts[1:-1], start=1):
        if (field := part.lower()) in MODEL.id_fields:
            return Target(_resource(parts[position - 1]), field, _value("/".join(parts[position + 1 :])))
    field = parts[-2].lower() if len(parts) > 1 else ""
    return Target(_resource(parts[-3]) if len(parts) > 2 else "", field, _value(parts[-1]))


def _value(text: str) -> str:
    return unquote(text) if "%" in text else text


def _resource(part: str) -> str:
    return part.strip("${}").rpartition(".")[2].lower()


def shown(href: str | None) -> str | None:
    """The link as a message may show it."""
    if href is None:
        return None
    if not href:
        return "no link"
    target = parse(href)
    value = target.value if target.field in MODEL.open_fields else "***"
    return f"{target.resource}/{target.field}/{value}"
