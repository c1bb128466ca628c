"""Pages of FINT resources: what there is to read, wherever it is kept."""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest.delivery import SourceError
from ingest.manifest import MANIFEST

_PAGE_NUMBER = re.compile(r"[-_]?\d+$")


class Page(Protocol):
    """One page of one resource; `content` is asked for when the page's turn comes, and not kept."""

    @property
    def resource(self) -> str:
        """In lower case, without its package: `elevforhold`."""
        ...

    @property
    def name(self) -> str:
        """As messages and `source_file` show it."""
        ...

    @property
    def size(self) -> int: ...

    def content(self) -> bytes | mmap.mmap: ...


@dataclass(frozen=True)
class FilePage:
    """A file of a folder of dumps."""

    file: Path
    name: str

    @property
    def resource(self) -> str:
        return resource_of(self.file.name)

    @property
    def size(self) -> int:
        return self.file.stat().st_size

    def content(self) -> bytes | mmap.mmap:
        """The file mapped, so that what has been read can leave memory again."""
        if self.size == 0:
            return b""
        with self.file.open("rb") as opened:
            return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)


def resource_of(file_name: str) -> str:
    """`elevforhold` from `elevforhold.json`, `elevforhold-2.json`, `utdanning.elev.elevforhold.json`."""
    stem = file_name.lower().removesuffix(".json")
    parts = [part for part in stem.split(".") if not part.isdigit()]
    return _PAGE_NUMBER.sub("", parts[-1]) if parts else stem


def pages_of(folder: Path) -> list[FilePage]:
    """Every dump of the folder, one JSON file per resource and page."""
    if not folder.is_dir():
        raise SourceError(f"{folder.name}: is not a folder. Expected a folder of FINT dumps.")
    files = [file for file in sorted(folder.rglob("*.json")) if file.name != MANIFEST]
    if not files:
        raise SourceError(
            f"{folder.name}: no FINT dumps found. Expected a folder with one JSON file per resource, "
            "for example utdanning.elev/elevforhold.json."
        )
    return [FilePage(file, file.relative_to(folder).as_posix()) for file in files]
