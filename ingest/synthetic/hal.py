"""FINT's HAL form: entries with links, one JSON file per resource."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

ELEV, TIMEPLAN, VURDERING = "utdanning.elev", "utdanning.timeplan", "utdanning.vurdering"
PROGRAM, KODEVERK = "utdanning.utdanningsprogram", "utdanning.kodeverk"

Links = Mapping[str, Sequence[str]]


def link(resource: str, value: str, field: str = "systemid") -> str:
    """`${utdanning.elev.elev}/elevnummer/123`."""
    return f"${{{resource}}}/{field}/{value}"


def entry(resource: str, system_id: str, links: Links, **attributes: object) -> str:
    """One HAL entry, as compact JSON."""
    itself = link(resource, system_id)
    return compact({**attributes, "systemId": identifier(system_id)}, links, itself)


def compact(body: Mapping[str, object], links: Links, itself: str) -> str:
    hrefs = {name: [{"href": href} for href in found] for name, found in links.items() if found}
    hrefs["self"] = [{"href": itself}]
    return json.dumps({**body, "_links": hrefs}, ensure_ascii=False, separators=(",", ":"))


def identifier(value: str) -> dict[str, str]:
    return {"identifikatorverdi": value}


class ResourceFile:
    """A page being written entry by entry."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIO = path.open("w", encoding="utf-8", newline="\n")
        self._resource = f"{path.parent.name}.{path.stem}"
        self._items = 0
        self._file.write('{"_embedded":{"_entries":[\n')

    def write(self, entries: Sequence[str]) -> None:
        if not entries:
            return
        if self._items:
            self._file.write(",\n")
        self._file.write(",\n".join(entries))
        self._items += len(entries)

    def __enter__(self) -> ResourceFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        domain, name = self._resource.rsplit(".", 1)
        resource_class = f"no.novari.fint.model.resource.{domain}.{name.capitalize()}Resource"
        self._file.write(
            f'\n]}},"_links":{{"self":[{{"href":"${{{self._resource}}}"}}]}},'
            f'"total_items":{self._items},"_class":"{resource_class}"}}\n'
        )
        self._file.close()
