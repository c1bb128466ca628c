"""Report exports of the administration system (CSV and Excel), read by profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingest.delivery import Delivery, Kind, SourceError
from ingest.manifest import MANIFEST, Manifest, read_manifest
from ingest.privacy import masked
from ingest.sources.mapping import rows_of
from ingest.sources.output import Output
from ingest.sources.profile import Profile, load_profile, shipped_profiles
from ingest.sources.sheet import EXCEL, TEXT, Sheet, heading, read_sheet

if TYPE_CHECKING:
    from ingest.identity import Pseudonyms
    from ingest.progress import Progress


def read(
    path: Path,
    *,
    pseudonyms: Pseudonyms,
    kind: Kind = "full",
    progress: Progress | None = None,
    spool: Path | None = None,
    profile: Profile | Path | None = None,
) -> Delivery:
    """Read one report, by the profile given, else by the shipped one its name fits."""
    if not path.is_file():
        raise SourceError(f"{path.name}: is not a file. Expected one report as CSV or Excel.")
    chosen = _profiles([profile])[0] if profile else _fitting(path, shipped_profiles())
    if chosen is None:
        raise SourceError(f"{path.name}: no profile fits its name. {_expected(shipped_profiles())}")
    if progress:
        progress.start(path.name, path.stat().st_size)
    delivery = _delivery(
        [path],
        path.parent,
        chosen,
        kind,
        manifest=read_manifest(path),
        pseudonyms=pseudonyms,
        progress=progress,
        spool=spool,
    )
    if progress:
        progress.finish()
    return delivery


def read_all(
    path: Path,
    *,
    pseudonyms: Pseudonyms,
    kind: Kind = "full",
    progress: Progress | None = None,
    spool: Path | None = None,
    profiles: Sequence[Profile | Path] = (),
) -> list[Delivery]:
    """Read every report of a folder: one delivery per profile, in the order they are to land.

    Profiles given come before the shipped ones. If any report is unusable none is delivered, so that a
    folder lands whole or not at all.
    """
    if path.is_file():
        given = profiles[0] if profiles else None
        return [read(path, pseudonyms=pseudonyms, kind=kind, progress=progress, spool=spool, profile=given)]
    if not path.is_dir():
        raise SourceError(f"{path.name}: there is no such file or folder.")
    shipped = shipped_profiles()
    own = _profiles(profiles)
    candidates = [*own, *(profile for profile in shipped if profile.name not in {one.name for one in own})]
    manifest = read_manifest(path)
    reports, others = _sorted_files(path, candidates)
    if not reports:
        raise SourceError(f"{path.name}: holds no report. {_expected(candidates)}")
    if progress:
        progress.start("Reports", sum(file.stat().st_size for files in reports.values() for file in files))
    deliveries, problems = [], []
    for profile in sorted(candidates, key=lambda one: one.order):
        if profile.name in reports:
            try:
                files = reports[profile.name]
                found = _delivery(
                    files,
                    path,
                    profile,
                    kind,
                    manifest=manifest,
                    pseudonyms=pseudonyms,
                    progress=progress,
                    spool=spool,
                )
                deliveries.append(found)
            except SourceError as problem:
                problems.append(str(problem))
    if progress:
        progress.finish()
    if problems:
        raise SourceError("\n".join(problems))
    deliveries[0].unread.update({file.relative_to(path).as_posix(): 0 for file in others})
    return deliveries


def _profiles(given: Iterable[Profile | Path]) -> list[Profile]:
    return [load_profile(one) if isinstance(one, Path) else one for one in given]


def _fitting(file: Path, profiles: Iterable[Profile]) -> Profile | None:
    return next((profile for profile in profiles if profile.fits(file)), None)


def _sorted_files(folder: Path, profiles: Sequence[Profile]) -> tuple[dict[str, list[Path]], list[Path]]:
    """The folder's reports by profile name, and the files no profile fits."""
    reports: defaultdict[str, list[Path]] = defaultdict(list)
    others: list[Path] = []
    for file in sorted(file for file in folder.rglob("*") if file.is_file() and file.name != MANIFEST):
        is_table = file.suffix.lower() in EXCEL | TEXT and not file.name.startswith(("~$", "."))
        profile = _fitting(file, profiles) if is_table else None
        if profile:
            reports[profile.name].append(file)
        else:
            others.append(file)
    return reports, others


def _expected(profiles: Iterable[Profile]) -> str:
    names = ", ".join(pattern for profile in profiles for pattern in profile.files)
    return f"Expected CSV or Excel files named {names}, or a profile of your own."


def _delivery(
    files: Sequence[Path],
    folder: Path,
    profile: Profile,
    kind: Kind,
    *,
    manifest: Manifest,
    pseudonyms: Pseudonyms,
    progress: Progress | None,
    spool: Path | None,
) -> Delivery:
    output = Output(pseudonyms, spool)
    for file in files:
        _read_file(file, file.relative_to(folder).as_posix(), profile, output, pseudonyms)
        if progress:
            progress.advance(file.stat().st_size)
    return output.delivery(
        source=f"report:{profile.name}",
        kind=kind,
        extracted_at=manifest.extracted_at,
        delivered=(mapping.table for mapping in profile.tables),
        county_number=manifest.county_number,
        schools=output.schools,
        files=(file.relative_to(folder).as_posix() for file in files),
        synthetic=manifest.synthetic,
    )


def _read_file(file: Path, name: str, profile: Profile, output: Output, pseudonyms: Pseudonyms) -> None:
    sheet = read_sheet(file, profile.every_heading(), encoding=profile.encoding, separator=profile.separator)
    _check_headings(name, sheet, profile)
    for line, fields in sheet.ragged:
        rule = f"has {len(sheet.headings)} fields"
        output.reject(name, line, profile.tables[0].table, rule=rule, value=f"{fields} fields")
    if sheet.notes:
        output.unread[name] = sheet.notes
    placed = sheet.frame.with_columns(pl.lit(name).alias("source_file"))
    for mapping in profile.tables:
        output.add(mapping.table, rows_of(placed, mapping, profile.formats, output, pseudonyms))


def _check_headings(name: str, sheet: Sheet, profile: Profile) -> None:
    present = set(sheet.headings)
    needed = profile.headings()
    missing = [names[0] for names in needed if not present & set(map(heading, names))]
    if not missing:
        return
    expected = ", ".join(names[0] for names in needed)
    # Where no heading is known, what stands there is data, and not for a message.
    known = present & set(map(heading, profile.every_heading()))
    found = masked(", ".join(sheet.headings)) if known else "none of them"
    raise SourceError(
        f"{name}: lacks {', '.join(missing)}; nothing was read. Expected the columns {expected}. "
        f"Found {found}. Export the report again, or write a profile for it (see {profile.name}.toml)."
    )
