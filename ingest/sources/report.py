"""Report exports of the administration system (CSV and Excel), read by profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingest.delivery import Delivery, Kind, SourceError
from ingest.manifest import MANIFEST, Manifest, read_manifest
from ingest.plain import listed
from ingest.sources.choice import Fit, choose
from ingest.sources.furniture import Misfit
from ingest.sources.header import heading
from ingest.sources.mapping import rows_of
from ingest.sources.output import Output
from ingest.sources.profile import Profile, load_profile, shipped_profiles
from ingest.sources.sheet import EXCEL, TEXT, Table, open_table
from ingest.sources.showing import is_personal, may_be_a_name

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
    """Read one report, by the profile given, else by the shipped one it fits."""
    given = [] if profile is None else [profile]
    [delivery] = read_all(
        path,
        pseudonyms=pseudonyms,
        kind=kind,
        progress=progress,
        spool=spool,
        profiles=given,
        only=bool(given),
    )
    return delivery


def read_all(
    path: Path,
    *,
    pseudonyms: Pseudonyms,
    kind: Kind = "full",
    progress: Progress | None = None,
    spool: Path | None = None,
    profiles: Sequence[Profile | Path] = (),
    only: bool = False,
) -> Iterator[Delivery]:
    """Read one report, or every report of a folder: one delivery per profile, in the order they are to land.

    Profiles given come before the shipped ones, or with `only` instead of them. The files of one profile
    belong together: where one is unusable none of them is delivered. Other profiles' reports are, and
    what was wrong is raised at the end.
    """
    if not path.exists():
        raise SourceError(f"{path.name}: there is no such file or folder.")
    candidates = candidate_profiles(profiles, only=only)
    manifest = read_manifest(path)
    reading = _Reading(path, kind, manifest, pseudonyms, progress, spool)
    problems: list[str] = []
    reports, others = _sorted_files(path, candidates, problems, only=only)
    if not reports and not problems:
        raise SourceError(f"{path.name}: {_nothing_fits(path)} {_expected(candidates)}")
    if progress:
        progress.start("Reports", sum(file.stat().st_size for files in reports.values() for file in files))
    for profile in sorted(candidates, key=lambda one: one.order):
        if profile.name not in reports:
            continue
        try:
            delivery = reading.delivery(reports[profile.name], profile)
        except SourceError as problem:
            problems.append(str(problem))
            continue
        delivery.unread.update({_name(file, path): 0 for file in others})
        others = []
        yield delivery
    if progress:
        progress.finish()
    if problems:
        raise SourceError("\n".join(problems))


def candidate_profiles(given: Iterable[Profile | Path], *, only: bool = False) -> list[Profile]:
    """The profiles given, then the shipped ones; of one name the first counts."""
    own = [load_profile(one) if isinstance(one, Path) else one for one in given]
    found = {one.name: one for one in reversed([*own, *([] if only else shipped_profiles())])}
    return sorted(found.values(), key=lambda one: one not in own)


def _nothing_fits(path: Path) -> str:
    if path.is_file():
        return "no profile fits its name or its headings."
    return "holds no report."


def _expected(profiles: Iterable[Profile]) -> str:
    names = ", ".join(pattern for profile in profiles for pattern in profile.files)
    return (
        f"Expected CSV or Excel files named {names}, or with their headings. For a file of your own, have a "
        "profile drafted: timerett ingest report FILE --check --draft PROFILE.toml"
    )


def _name(file: Path, root: Path) -> str:
    return file.name if file == root else file.relative_to(root).as_posix()


def _sorted_files(
    root: Path, profiles: Sequence[Profile], problems: list[str], *, only: bool
) -> tuple[dict[str, list[Path]], list[Path]]:
    """The reports by profile name, and the files no profile fits."""
    reports: defaultdict[str, list[Path]] = defaultdict(list)
    others: list[Path] = []
    if root.is_file():
        files = [root]
    else:
        files = sorted(file for file in root.rglob("*") if file.is_file() and file.name != MANIFEST)
    for file in files:
        is_table = file.suffix.lower() in EXCEL | TEXT and not file.name.startswith(("~$", "."))
        if not is_table and file != root:
            others.append(file)
            continue
        try:
            fit: Fit | None = Fit(profiles[0], "given") if only else choose(file, profiles)
        except SourceError as problem:
            problems.append(str(problem))
            continue
        if fit:
            reports[fit.profile.name].append(file)
        else:
            others.append(file)
    return reports, others


@dataclass(frozen=True)
class _Reading:
    """What every report of one run is read with."""

    root: Path
    kind: Kind
    manifest: Manifest
    pseudonyms: Pseudonyms
    progress: Progress | None
    spool: Path | None

    def delivery(self, files: Sequence[Path], profile: Profile) -> Delivery:
        output = Output(self.pseudonyms, self.spool)
        for file in files:
            read_file(file, _name(file, self.root), profile, output, self.pseudonyms)
            if self.progress:
                self.progress.advance(file.stat().st_size)
        return output.delivery(
            source=f"report:{profile.name}",
            kind=self.kind,
            extracted_at=self.manifest.extracted_at,
            delivered=(mapping.table for mapping in profile.tables),
            county_number=self.manifest.county_number,
            schools=output.schools,
            files=(_name(file, self.root) for file in files),
            synthetic=self.manifest.synthetic,
        )


def read_file(file: Path, name: str, profile: Profile, output: Output, pseudonyms: Pseudonyms) -> None:
    """One file's rows into the output, batch by batch."""
    unfilled = profile.unfilled()
    if unfilled:
        raise SourceError(
            f"profile {profile.name}: {', '.join(unfilled)} still say ?. Write the column's heading there, "
            "or remove the line."
        )
    with open_table(
        file, profile.known(), encoding=profile.encoding, separator=profile.separator, sheet=profile.sheet
    ) as table:
        _check_headings(name, table, profile)
        for batch in table.batches():
            for misfit in batch.misfits:
                _reject(name, misfit, table, profile, output)
            placed = batch.frame.with_columns(pl.lit(name).alias("source_file"))
            for mapping in profile.tables:
                output.add(mapping.table, rows_of(placed, mapping, profile.formats, output, pseudonyms))
        if table.notes:
            output.unread[name] = table.notes
        if table.unreadable_cells:
            what = f"{name}: cells with an Excel error or a formula without a stored value, taken as empty"
            output.unread[what] = table.unreadable_cells


def _reject(name: str, misfit: Misfit, table: Table, profile: Profile, output: Output) -> None:
    fields = None if misfit.cells is None else f"{len(misfit.cells)} fields"
    rule = misfit.rule or f"has {len(table.headings)} fields"
    output.reject(name, misfit.row, profile.tables[0].table, rule=rule, value=fields)


def _check_headings(name: str, table: Table, profile: Profile) -> None:
    present = set(table.headings)
    needed = profile.headings()
    missing = [names[0] for names in needed if not present & set(map(heading, names))]
    twice = sorted(table.header.repeated & profile.known())
    if twice:
        raise SourceError(f"{name}: {', '.join(twice)} heads more than one column. Keep one of them.")
    if not missing:
        return
    expected = ", ".join(names[0] for names in needed)
    # Where no heading is known, what stands there is data, and not for a message.
    known = present & profile.known()
    safe = [one for one in table.headings if not (may_be_a_name(one) and not is_personal(one))]
    found = listed(safe) if known else "none of them"
    raise SourceError(
        f"{name}: lacks {', '.join(missing)}; nothing of it was read. Expected the columns {expected}. "
        f"Found {found}. Export the report again, or have a profile drafted: "
        "timerett ingest report FILE --check --draft PROFILE.toml"
    )
