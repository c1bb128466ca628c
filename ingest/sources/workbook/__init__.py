"""The sheets people fill in: benefits and rollout, and confirmations of lessons; Excel and CSV.

One delivery per file. A benefit or rollout form replaces what the same file said before, sheet by sheet, for
the schools it names; a sheet that is empty or gone says nothing. Confirmations only ever add.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.delivery import Delivery, Kind, SourceError
from ingest.identity import Pseudonyms
from ingest.manifest import MANIFEST
from ingest.progress import Progress
from ingest.sources.workbook.file import read_file
from ingest.sources.workbook.known import Known, Landed, known_in

SUFFIXES = (".xlsx", ".xlsm", ".csv", ".txt", ".xls", ".xlsb", ".ods")


def read_all(
    path: Path,
    *,
    pseudonyms: Pseudonyms,
    kind: Kind = "full",
    progress: Progress | None = None,
    spool: Path | None = None,
    landed: Landed | None = None,
    known: Known | None = None,
) -> Iterator[Delivery]:
    """Read a file or every file of a folder; one that cannot be read keeps out nothing but itself.

    What the sheets may point at is `known`, or else what has `landed` when each file is read.
    """
    files = _files(path)
    if progress:
        progress.start("Sheets", sum(file.stat().st_size for _, file in files))
    problems: list[str] = []
    is_empty = True
    for name, file in files:
        try:
            told = known_in(landed) if landed else known or Known()
            for delivery in read_file(
                file, name, kind=kind, known=told, pseudonyms=pseudonyms, spool=spool, problems=problems
            ):
                is_empty = False
                yield delivery
        except SourceError as problem:
            problems.append(str(problem))
        if progress:
            progress.advance(file.stat().st_size)
    if progress:
        progress.finish()
    if problems:
        raise SourceError("\n".join(problems))
    if is_empty:
        raise SourceError(f"{path.name}: alle arkene er tomme. Fyll ut minst ett ark og lever på nytt.")


def _files(path: Path) -> list[tuple[str, Path]]:
    """Names as messages call them, and files; a spreadsheet's own lock files are passed over."""
    if path.is_file():
        return [(path.name, path)]
    found = [
        (file.relative_to(path).as_posix(), file)
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and file.name != MANIFEST
        and file.suffix.lower() in SUFFIXES
        and not file.name.startswith(("~$", ".", "._"))
    ]
    if not found:
        raise SourceError(
            f"{path.name}: her er ingen skjema. Ventet .xlsx- eller .csv-filer; `timerett sheets MAPPE` "
            "lager dem."
        )
    return found
