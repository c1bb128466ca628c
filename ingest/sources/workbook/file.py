"""One file of sheets as deliveries: its forms, and its confirmations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from ingest.delivery import Delivery, Kind, SourceError
from ingest.identity import Pseudonyms
from ingest.manifest import MANIFEST, read_manifest
from ingest.privacy import masked
from ingest.sources.output import Output, schema
from ingest.sources.workbook.confirming import confirmed_weeks, is_lesson_form, read_lessons
from ingest.sources.workbook.csv_file import read_csv
from ingest.sources.workbook.faults import Faults
from ingest.sources.workbook.forms import Form, confirmation_forms, forms, work_processes
from ingest.sources.workbook.grid import Grid, column_letter
from ingest.sources.workbook.known import Known
from ingest.sources.workbook.layout import Layout, bare_title, form_of, layout_of
from ingest.sources.workbook.reading import Read, Refused, Row, read_form
from ingest.sources.workbook.values import Reader
from ingest.sources.workbook.words import listed
from ingest.sources.workbook.xlsx import read_workbook

# What the product itself puts beside the forms.
OWN_SHEETS = ("Les meg først", "Lister")
Sheet = tuple[Grid, Layout]


@dataclass
class _File:
    """What is being made of one file."""

    name: str
    source: str
    extracted_at: datetime
    known: Known
    pseudonyms: Pseudonyms
    spool: Path | None
    faults: Faults = field(default_factory=Faults)
    unread: dict[str, int] = field(default_factory=dict)
    county_number: str | None = None
    synthetic: bool = False


def read_file(
    path: Path,
    name: str,
    *,
    kind: Kind,
    known: Known,
    pseudonyms: Pseudonyms,
    spool: Path | None,
    problems: list[str],
) -> Iterator[Delivery]:
    """The file's deliveries; a sheet that cannot be read is added to `problems`, and the others are read."""
    grids, saved_at = _grids(path, name)
    file = _file(path, name, saved_at, known=known, pseudonyms=pseudonyms, spool=spool)
    found = _layouts(grids, file, problems)
    if not found:
        raise SourceError(
            f"{name}: ingen av arkene er et skjema som kan leses. Ventet ark som "
            f"{listed([*(form.title for form in forms()), confirmation_forms()[0].title])}, med "
            "overskriftene på plass. Hent et nytt skjema med `timerett sheets MAPPE`."
        )
    told = [sheet for sheet in found if is_lesson_form(sheet[1].form)]
    filled = [sheet for sheet in found if not is_lesson_form(sheet[1].form)]
    for delivery in [_forms_delivery(filled, file, kind), _lessons_delivery(told, file)]:
        # A file of empty forms says nothing, and is no delivery.
        if delivery.parts or delivery.rejections:
            yield delivery


def _grids(path: Path, name: str) -> tuple[list[Grid], datetime | None]:
    if path.suffix.lower() in (".csv", ".txt"):
        return [read_csv(path, name)], None
    workbook = read_workbook(path, name)
    return workbook.grids, workbook.saved_at


def _file(
    path: Path,
    name: str,
    saved_at: datetime | None,
    *,
    known: Known,
    pseudonyms: Pseudonyms,
    spool: Path | None,
) -> _File:
    """A copy of a file keeps its source, so that it replaces what the original said."""
    manifest = read_manifest(path)
    is_stated = any((folder / MANIFEST).is_file() for folder in (path.parent, path.parent.parent))
    place = "/".join(bare_title(part) for part in Path(name).with_suffix("").parts)
    return _File(
        masked(name),
        f"sheet:{masked(place).replace(' ', '-')}",
        manifest.extracted_at if is_stated or saved_at is None else saved_at,
        known,
        pseudonyms,
        spool,
        county_number=manifest.county_number,
        synthetic=manifest.synthetic or known.is_synthetic,
    )


def _layouts(grids: Sequence[Grid], file: _File, problems: list[str]) -> list[Sheet]:
    """The sheets that are forms, each with its columns; the register of processes first."""
    every = [*forms(), *confirmation_forms()]
    found: list[Sheet] = []
    for grid in grids:
        form = None if grid.title in OWN_SHEETS or not grid.rows else form_of(grid, every)
        layout = layout_of(grid, form) if form else None
        if layout is None:
            if form and len(grid.rows) > 1:
                problems.append(f"{file.name}, {grid.title}: {_headings_gone(form)}")
            elif grid.rows and grid.title not in OWN_SHEETS:
                file.unread[f"{file.name}, arket {masked(grid.title)}"] = len(grid.rows)
            continue
        if layout.complaint:
            problems.append(f"{file.name}, {grid.title}: arket er ikke lest; {layout.complaint}.")
            continue
        if layout.extra:
            places = ", ".join(column_letter(place) for place in layout.extra)
            file.unread[f"{file.name}, {grid.title}, egne kolonner {places}"] = len(layout.extra)
        found.append((grid, layout))
    order = {form.title: place for place, form in enumerate(every)}
    return sorted(found, key=lambda sheet: order[sheet[1].form.title])


def _headings_gone(form: Form) -> str:
    expected = ", ".join(column.heading for column in form.columns)
    return f"overskriftene er borte, så arket er ikke lest. Ventet {expected}."


def _forms_delivery(sheets: Sequence[Sheet], file: _File, kind: Kind) -> Delivery:
    output = Output(file.pseudonyms, file.spool)
    shipped = {seed.process_code: seed.name for seed in work_processes()}
    reader = Reader(file.known, file.pseudonyms, shipped)
    tables: list[str] = []
    schools: set[str] = set()
    counties: set[str] = set()
    for (grid, layout), place in zip(sheets, _places(sheets, file), strict=True):
        read = read_form(grid, layout, reader, file.faults)
        _keep(output, layout.form.table, read.rows, read.refused, place)
        if read.is_filled:
            tables.append(layout.form.table)
            schools |= read.schools
            counties |= {row["county_number"] for _, row in read.rows if "county_number" in row}
        if layout.form.table == "work_process":
            reader.learn({row["process_code"]: row["name"] for _, row in read.rows})
        _note(read, grid, file)
    output.unread.update(file.unread)
    delivery = output.delivery(
        source=file.source,
        kind=kind,
        extracted_at=file.extracted_at,
        delivered=tables,
        county_number=file.county_number or _county(schools, counties, file.known),
        schools=schools or None,
        files=[file.name],
        synthetic=file.synthetic,
    )
    delivery.remarks = file.faults.lines()
    return delivery


def _lessons_delivery(sheets: Sequence[Sheet], file: _File) -> Delivery:
    output = Output(file.pseudonyms, file.spool)
    reader = Reader(file.known, file.pseudonyms)
    faults = Faults()
    lessons = [sheet for sheet in sheets if sheet[1].form is confirmation_forms()[0]]
    weeks = [sheet for sheet in sheets if sheet[1].form is confirmation_forms()[1]]
    blocks = confirmed_weeks(weeks, reader, faults)
    for (grid, layout), place in zip(lessons, _places(lessons, file), strict=True):
        found = read_lessons(grid, layout, reader, faults, blocks=blocks, extracted_at=file.extracted_at)
        _keep(output, "lesson", found.rows, found.refused, place)
        if found.unanswered:
            output.unread[f"{file.name}, {grid.title}, timer uten svar"] = found.unanswered
        if found.known_already:
            output.unread[f"{file.name}, {grid.title}, timer som alt er registrert"] = found.known_already
    schools = output.schools
    delivery = output.delivery(
        source=file.source,
        kind="delta",
        extracted_at=file.extracted_at,
        delivered=[],
        county_number=file.county_number or _county(schools or (), (), file.known),
        files=[file.name],
        synthetic=file.synthetic,
    )
    delivery.remarks = faults.lines()
    return delivery


def _places(sheets: Sequence[Sheet], file: _File) -> list[str]:
    """Each sheet's name in landing: the form's own title, numbered where a workbook has it twice."""
    found: list[str] = []
    for _, layout in sheets:
        place = f"{file.name}/{layout.form.title}"
        copies = sum(one == place or one.startswith(f"{place} (") for one in found)
        found.append(f"{place} ({copies + 1})" if copies else place)
    return found


def _keep(
    output: Output, table: str, rows: Sequence[tuple[int, Row]], refused: Iterable[Refused], place: str
) -> None:
    types = schema(table)
    columns = {name: dtype for name, dtype in types.items() if name not in ("source_file", "source_row")}
    if rows:
        frame = pl.DataFrame(
            {
                name: pl.Series(name, [row.get(name) for _, row in rows], dtype=dtype)
                for name, dtype in columns.items()
            }
        )
        numbers = pl.Series("source_row", [number for number, _ in rows], dtype=pl.Int64)
        output.add(table, frame.with_columns(pl.lit(place).alias("source_file"), numbers))
    for one in refused:
        output.reject(place, one.row, table, column=one.column, rule=one.rule, value=one.value)


def _note(read: Read, grid: Grid, file: _File) -> None:
    if read.notes:
        numbers = ", ".join(str(number) for number in read.notes[:10])
        file.unread[f"{file.name}, {grid.title}, merknader i rad {numbers}"] = len(read.notes)


def _county(schools: Iterable[str], counties: Iterable[str], known: Known) -> str | None:
    """The one county the file is about, by its schools, else as it says, else the only one there is."""
    by_schools = {known.schools[school].county_number for school in schools if school in known.schools}
    for found in (by_schools, set(counties), known.counties()):
        if len(found) == 1:
            return next(iter(found))
    return None
