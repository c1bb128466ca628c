"""The shape entries are decoded to: the attributes and links asked for, with the types of the model.

Nothing is required and everything may be null; the rules that follow say what a row needs. A relation
stays the bytes it was written as, since the same few links stand in many entries.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from ingest.sources.fint.model import MODEL

IDENTIFIER = "identifikatorverdi"
NO_LINKS = b""
_OLD_SPELLING = "_lower"
_TYPES: dict[str, Any] = {
    "boolean": bool | None,
    **dict.fromkeys(("int", "long", "float", "double"), float | None),
}


@cache
def form(
    resource: str, attributes: tuple[str, ...] = (), relations: tuple[str, ...] = ()
) -> type[msgspec.Struct]:
    """A struct with the resource's id fields, these attributes, and `links` with these relations."""
    known = MODEL[resource]
    inner: dict[str, dict[str, Any]] = {name: {IDENTIFIER: str | None} for name in known.id_fields}
    plain: dict[str, Any] = {}
    for path in attributes:
        kind = _TYPES.get(known.attributes[path], str | None)
        name, _, part = path.partition(".")
        if part:
            inner.setdefault(name, {})[part] = kind
        else:
            plain[name] = kind
    fields: list[tuple[str, Any, Any]] = [(name, kind, None) for name, kind in plain.items()]
    for name, parts in inner.items():
        held = _struct(name, [(part, kind, None) for part, kind in parts.items()])
        fields.append((name, held | None, held()))
    links = _links(tuple(known.relations[name].name for name in relations))
    fields.append(("links", links | None, links()))
    return _struct(resource, fields, {"links": "_links"})


def spellings(relation: str) -> tuple[str, ...]:
    """The struct's fields for a relation: some systems write its name in lower case."""
    return (relation,) if relation == relation.lower() else (relation, relation + _OLD_SPELLING)


def _links(relations: tuple[str, ...]) -> Any:
    fields = [(field, msgspec.Raw, msgspec.Raw(NO_LINKS)) for name in relations for field in spellings(name)]
    older = {name + _OLD_SPELLING: name.lower() for name in relations}
    return _struct("links", fields, older)


def _struct(
    name: str, fields: list[tuple[str, Any, Any]], rename: dict[str, str] | None = None
) -> type[msgspec.Struct]:
    return msgspec.defstruct(name, fields, rename=rename or {}, gc=False, frozen=True)
