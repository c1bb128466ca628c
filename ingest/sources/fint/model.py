"""FINT's information model: the id fields, attributes and relations each resource has.

`model.json` is cut from the published metamodel; what it says is not said again in code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec

_LISTED = "felles-basisklasser:Begrep"
_IDENTIFIER = "felles-kompleksedatatyper:Identifikator"
# References to outside registers name their target by its code.
_MORE_ID_FIELDS = {"kode"}
# Relations that older payloads have and the model no longer names, each called as its target.
_OLDER = {
    "klasse": ("elevforhold",),
    "programomrade": ("elevforhold",),
    "faggruppe": ("elevforhold",),
    "undervisningsgruppe": ("elevforhold",),
    "eksamensgruppe": ("elevforhold",),
    "elevforhold": ("klasse", "programomrade", "faggruppe", "undervisningsgruppe", "eksamensgruppe"),
    "fravarsregistrering": ("elevforhold",),
    "aktivitetsfravar": ("elevforhold", "faggruppe"),
    "skole": ("fylke", "kommune"),
    "organisasjonselement": ("fylke", "kommune"),
}


class Relation(NamedTuple):
    """A link to another resource; `inverse` is what that resource calls the way back."""

    name: str
    target: str
    many: bool
    inverse: str | None


class Resource(NamedTuple):
    """One resource; `attributes` are types by path, as `systemId` or `tidsrom.start`."""

    name: str
    path: str
    id_fields: tuple[str, ...]
    attributes: dict[str, str]
    optional: frozenset[str]
    relations: dict[str, Relation]


class Model:
    """Every resource by its name in lower case."""

    def __init__(self, types: dict[str, Any]) -> None:
        self._types = types
        self._resources = {
            key.rpartition(":")[2].lower(): self._resource(key) for key in types if "idFields" in types[key]
        }
        self.id_fields = self._fields(self._resources.values()) | _MORE_ID_FIELDS
        # A message may show what stands in these; the others name persons.
        self.open_fields = {"systemid"} | self.id_fields - self._fields(
            one for one in self._resources.values() if one.name == "person" or "person" in one.relations
        )

    @staticmethod
    def _fields(resources: Iterable[Resource]) -> frozenset[str]:
        return frozenset(field.lower() for resource in resources for field in resource.id_fields)

    def __getitem__(self, name: str) -> Resource:
        """A resource the model does not describe is a code list."""
        if name not in self._resources:
            self._resources[name] = self._resource(_LISTED)._replace(name=name)
        return self._resources[name]

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._resources.values())

    def _resource(self, key: str) -> Resource:
        described = self._types[key]
        name = key.rpartition(":")[2].lower()
        relations = [
            Relation(
                one["name"],
                one["target"].rpartition(":")[2].lower(),
                one["multiplicity"].endswith("*"),
                one.get("inverse"),
            )
            for one in described.get("relations", ())
        ]
        relations += [Relation(older, older, True, None) for older in _OLDER.get(name, ())]
        return Resource(
            name,
            described.get("path", ""),
            tuple(described["idFields"]),
            dict(self._attributes(described)),
            frozenset(one["name"] for one in described["attributes"] if one.get("optional")),
            {relation.name: relation for relation in reversed(relations)},
        )

    def _attributes(self, described: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for one in described["attributes"]:
            if one["type"] == _IDENTIFIER:
                yield one["name"], "identifier"
            elif one["type"] in self._types and not one.get("list"):
                for inner in self._types[one["type"]]["attributes"]:
                    yield f"{one['name']}.{inner['name']}", inner["type"]
            elif one["type"] not in self._types:
                yield one["name"], one["type"]


MODEL = Model(
    msgspec.json.decode((files("ingest.sources.fint") / "model.json").read_bytes(), type=dict[str, Any])[
        "types"
    ]
)
