"""A OneRoster package: the CSV files of a zip file or a folder, as its manifest states them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from ingest.delivery import SourceError
from ingest.manifest import MANIFEST as DELIVERY
from ingest.sources.archive import DAMAGED, inspect
from ingest.sources.lines import Lines
from ingest.sources.oneroster.forms import FILES, FORMS, PERIPHERAL
from ingest.sources.sheet import text_table

Mode = Literal["bulk", "delta", "absent"]
MANIFEST = "manifest.csv"
VERSIONS = ("1.1", "1.2")
MOST_UNPACKED = 20 << 30
ADVICE = "Export the package again."
_MODES: tuple[Mode, ...] = ("bulk", "delta", "absent")
_LONGEST_MANIFEST = 1 << 20


@dataclass(frozen=True)
class Member:
    """One CSV file of the package."""

    name: str
    size: int
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Package:
    """The version, and of every file known to it how it is delivered."""

    name: str
    version: str
    modes: dict[str, Mode]
    members: dict[str, Member]
    ignored: tuple[str, ...]

    def has(self, file: str) -> bool:
        return self.modes.get(file, "absent") != "absent"


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open a package and check that it is what its manifest says."""
    if path.is_dir():
        found = [
            (file.relative_to(path).as_posix(), Member(file.name, file.stat().st_size, _opener(file)))
            for file in sorted(path.rglob("*"))
            if file.is_file()
        ]
        yield _checked(path, found)
        return
    archive = inspect(path, most_bytes=MOST_UNPACKED, advice=ADVICE)
    try:
        with zipfile.ZipFile(path) as opened:
            found = [
                (
                    info.filename,
                    Member(PurePosixPath(info.filename).name, info.file_size, _unpacker(opened, info)),
                )
                for info in archive.members
            ]
            yield _checked(path, found)
    except DAMAGED as problem:
        raise SourceError(f"{path.name}: is damaged; it may be cut off. {ADVICE}") from problem


def _opener(file: Path) -> Callable[[], IO[bytes]]:
    return lambda: file.open("rb")


def _unpacker(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _checked(path: Path, found: list[tuple[str, Member]]) -> Package:
    members: dict[str, Member] = {}
    ignored: list[str] = []
    for where, member in found:
        file = _file_of(where)
        if file is None:
            if PurePosixPath(where).name != DELIVERY:
                ignored.append(where)
        elif file in members:
            raise SourceError(f"{path.name}: holds {file}.csv more than once. {ADVICE}")
        else:
            members[file] = member
    if "manifest" not in members:
        raise SourceError(
            f"{path.name}: lacks manifest.csv, so it is no OneRoster package of version 1.1 or 1.2. {ADVICE}"
        )
    stated = _manifest(path, members.pop("manifest"))
    version = _version(path, stated)
    modes = _modes(path, stated, members)
    if not any(modes.get(file, "absent") != "absent" for file in FILES):
        raise SourceError(f"{path.name}: the manifest says that every file is absent: nothing to read.")
    _check_complete(path, version, modes)
    return Package(path.name, version, modes, members, tuple(sorted(ignored)))


def _file_of(where: str) -> str | None:
    """The OneRoster file a path stands for, whatever its folder and letter case."""
    path = PurePosixPath(where.replace("\\", "/"))
    if path.name.startswith("._") or "__MACOSX" in path.parts or path.suffix.casefold() != ".csv":
        return None
    known = {name.casefold(): name for name in ("manifest", *FILES, *PERIPHERAL)}
    return known.get(path.stem.casefold())


def _manifest(path: Path, member: Member) -> dict[str, str]:
    if member.size > _LONGEST_MANIFEST:
        raise SourceError(f"{path.name}: manifest.csv is far too large to be one. {ADVICE}")
    table = text_table(Lines(MANIFEST, member.open), frozenset({"propertyname", "value"}), plain=True)
    if not {"propertyname", "value"} <= set(table.headings):
        raise SourceError(
            f"{path.name}: manifest.csv lacks its header. Expected propertyName,value. {ADVICE}"
        )
    stated: dict[str, str] = {}
    for batch in table.batches():
        for name, value in batch.frame.select("propertyname", "value").iter_rows():
            key = str(name or "").rstrip("*").casefold()
            if key in stated and stated[key] != str(value or ""):
                raise SourceError(f"{path.name}: manifest.csv says two things about {key}. {ADVICE}")
            stated[key] = str(value or "")
    return stated


def _version(path: Path, stated: dict[str, str]) -> str:
    version = stated.get("oneroster.version", "")
    short = ".".join(version.split(".")[:2])
    if short not in VERSIONS:
        raise SourceError(
            f"{path.name}: manifest.csv says OneRoster version {version[:20] or '(nothing)'}. Expected "
            f"{' or '.join(VERSIONS)}."
        )
    if stated.get("manifest.version", "1.0").split(".")[0] != "1":
        raise SourceError(f"{path.name}: manifest.version in manifest.csv must be 1.0. {ADVICE}")
    return short


def _modes(path: Path, stated: dict[str, str], members: dict[str, Member]) -> dict[str, Mode]:
    modes: dict[str, Mode] = {}
    complaints: list[str] = []
    for file in (*FILES, *PERIPHERAL):
        value = stated.get(f"file.{file}".casefold(), "absent").strip().casefold()
        mode = next((one for one in _MODES if one == value), None)
        if mode is None:
            complaints.append(f"file.{file} must be bulk, delta or absent")
        elif mode == "absent" and file in members and file in FILES:
            complaints.append(f"{file}.csv is there, but stated as absent")
        elif mode != "absent" and file not in members:
            complaints.append(f"{file}.csv is stated as {mode}, but is not there")
        else:
            modes[file] = mode
    if complaints:
        raise SourceError(
            f"{path.name}: manifest.csv and the files disagree: {'; '.join(complaints)}. {ADVICE}"
        )
    return modes


def _check_complete(path: Path, version: str, modes: dict[str, Mode]) -> None:
    """What is delivered in bulk must bring the files its rows point at."""
    lacking = {
        needed
        for file in FILES
        if modes.get(file) == "bulk"
        for needed in FORMS[file].needs(version)
        if modes.get(needed, "absent") == "absent"
    }
    if lacking:
        names = ", ".join(f"{file}.csv" for file in sorted(lacking))
        raise SourceError(f"{path.name}: lacks {names}, which its bulk files point at. {ADVICE}")
