"""A delivery is ordinary files in ordinary folders: a pipe or a device is never read to its end."""

from __future__ import annotations

from pathlib import Path

from ingest.delivery import SourceError
from ingest.plain import shown

FILES = frozenset({".csv", ".json", ".parquet", ".txt", ".tsv", ".xls", ".xlsb", ".xlsm", ".xlsx", ".zip"})


def must_be_ordinary(path: Path) -> None:
    """Refuse what is not there, and whatever in it is no file though it is named as one."""
    try:
        there = path.exists()
    except OSError:
        there = False
    if not there:
        raise SourceError(f"{shown(path.name)}: no such file or folder. Check the path.")
    _must_be_named_as_it_is(path, path.parent)
    for entry in sorted(path.rglob("*")) if path.is_dir() else ():
        _must_be_named_as_it_is(entry, path.parent)


def _must_be_named_as_it_is(entry: Path, folder: Path) -> None:
    name = shown(entry.relative_to(folder).as_posix())
    if entry.is_file():
        return
    if not entry.is_dir():
        raise SourceError(f"{name}: is not an ordinary file, or a link that leads to none. Remove it.")
    if entry.suffix.lower() in FILES:
        raise SourceError(f"{name}: is a folder, though named as a file. Remove or rename it.")
