"""Zip files from outside: looked through before anything in them is unpacked.

Excel's newer formats and OneRoster's packages are zip files. What a file claims to unpack to is held
against a limit, and the zip reader refuses members that unpack to more than they claim.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.delivery import SourceError

MOST_MEMBERS = 10_000
# What reading a member of a damaged archive raises.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)
_ENCRYPTED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SUSPICIOUS_RATIO = 1000
_SMALL = 10 << 20


@dataclass(frozen=True)
class Archive:
    """The members of a zip file that passed inspection, folders left out."""

    file: Path
    members: tuple[zipfile.ZipInfo, ...]


def inspect(file: Path, *, most_bytes: int, advice: str) -> Archive:
    """The archive's members; refuses one that is broken, locked, dangerous or too large."""
    try:
        with zipfile.ZipFile(file) as opened:
            infos = opened.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise SourceError(f"{file.name}: is no readable zip file; it may be cut off. {advice}") from None
    if len(infos) > MOST_MEMBERS:
        raise SourceError(f"{file.name}: holds more than {MOST_MEMBERS:,} files. {advice}")
    members = tuple(info for info in infos if not info.is_dir())
    seen: set[str] = set()
    for info in members:
        _check_member(file, info, advice)
        if info.filename in seen:
            raise SourceError(f"{file.name}: holds two files of the same name. {advice}")
        seen.add(info.filename)
    total = sum(info.file_size for info in members)
    if total > most_bytes:
        raise SourceError(
            f"{file.name}: unpacks to {total / 1e6:,.0f} MB, more than the {most_bytes / 1e6:,.0f} MB that "
            f"are read. {advice}"
        )
    return Archive(file, members)


def _check_member(file: Path, info: zipfile.ZipInfo, advice: str) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise SourceError(f"{file.name}: holds a file whose path leads out of the archive. {advice}")
    if info.flag_bits & _ENCRYPTED:
        raise SourceError(f"{file.name}: is protected with a password. Save it without one.")
    if info.compress_type not in _PACKINGS:
        raise SourceError(f"{file.name}: is packed in a way that is not read. {advice}")
    if info.file_size > max(_SMALL, _SUSPICIOUS_RATIO * max(info.compress_size, 1)):
        raise SourceError(
            f"{file.name}: holds a file that unpacks to more than {_SUSPICIOUS_RATIO:,} times its size, as "
            f"harmful files do. {advice}"
        )
