"""The confirmation sheet read back: answers about single lessons and whole weeks as `lesson` rows.

A row that lands is the lesson as it stands in landing, with the answer put in. An answer about a lesson
that has since been moved, removed or registered is not put in; it is pointed at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ingest.sources.workbook.faults import Faults, shown
from ingest.sources.workbook.forms import Column, Form
from ingest.sources.workbook.grid import Cell, Grid
from ingest.sources.workbook.known import Lesson
from ingest.sources.workbook.layout import Cells, Layout
from ingest.sources.workbook.quantities import UnreadableError
from ingest.sources.workbook.reading import Refused, Row, data_rows, is_note
from ingest.sources.workbook.values import Reader

HELD, CANCELLED, TIMETABLED = "held", "cancelled", "timetabled"
_UNTAUGHT = ("supervised", "self_study")
_STAMP = "%Y-%m-%dT%H:%MZ"
GONE = "Timen finnes ikke lenger i timeplanen. Hent et nytt ark"
MOVED = "Timen er flyttet siden arket ble laget. Hent et nytt ark og svar der"
REGISTERED = "Timen er siden registrert som {} i systemet, og det gjelder. Er det feil, rett det der"
AHEAD = "Timen er ikke over ennå. Svar når den er det"
UNLIKE = "En time som ikke ble holdt, kan ikke ha {} som leder. Velg enten Holdt, eller la cellen stå tom"
STATUS_WORDS = {HELD: "holdt", CANCELLED: "ikke holdt"}


@dataclass(frozen=True)
class _Answer:
    row: int
    status: str
    cover: str | None
    lesson_id: str
    starts_at: str
    ends_at: str
    is_of_week: bool


@dataclass
class Confirmed:
    """The answered lessons of one sheet, and how many rows needed none."""

    rows: list[tuple[int, Row]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unanswered: int = 0
    known_already: int = 0


def stamp(instant: datetime) -> str:
    """An instant as the sheet carries it."""
    return instant.astimezone(UTC).strftime(_STAMP)


def confirmed_weeks(sheets: Sequence[tuple[Grid, Layout]], reader: Reader, faults: Faults) -> set[str]:
    """The blocks whose lessons were all held as planned."""
    blocks: set[str] = set()
    for grid, layout in sheets:
        for number, cells in data_rows(grid, layout):
            by_name = _by_name(cells, layout)
            if "all_held" not in by_name or "block" not in by_name:
                continue
            column, cell = by_name["all_held"]
            try:
                if reader.value(column, cell, None):
                    blocks.add(by_name["block"][1].text)
            except UnreadableError as problem:
                faults.at(grid.title, layout.place(column), number, f"{column.heading} {problem}")
    return blocks


def read_lessons(
    grid: Grid, layout: Layout, reader: Reader, faults: Faults, *, blocks: set[str], extracted_at: datetime
) -> Confirmed:
    """The answers of one sheet of lessons."""
    found = Confirmed()
    answers: list[_Answer] = []
    for number, cells in data_rows(grid, layout):
        if is_note(cells, layout) and "lesson_id" not in _by_name(cells, layout):
            continue
        try:
            answer = _answer(number, _by_name(cells, layout), reader, blocks)
        except _CellError as problem:
            faults.at(grid.title, layout.place(problem.column), number, problem.advice)
            found.refused.append(
                Refused(number, problem.column.name, problem.advice, shown(problem.column, problem.cell))
            )
            continue
        if answer:
            answers.append(answer)
        else:
            found.unanswered += 1
    known = reader.known.lessons([answer.lesson_id for answer in answers])
    place = next(place for place, column in layout.columns.items() if column.name == "status")
    for answer in answers:
        lesson = known.get(answer.lesson_id)
        complaint = _complaint(answer, lesson, extracted_at)
        if complaint:
            faults.at(grid.title, place, answer.row, complaint)
            found.refused.append(Refused(answer.row, "status", complaint, None))
        elif lesson and _is_known(answer, lesson):
            found.known_already += 1
        elif lesson:
            found.rows.append((answer.row, _row(answer, lesson)))
    return found


class _CellError(Exception):
    def __init__(self, column: Column, cell: Cell | None, advice: str) -> None:
        super().__init__(advice)
        self.column, self.cell, self.advice = column, cell, advice


def _by_name(cells: Cells, layout: Layout) -> dict[str, tuple[Column, Cell]]:
    return {layout.columns[place].name: (layout.columns[place], cell) for place, cell in cells.items()}


def _answer(
    number: int, by_name: dict[str, tuple[Column, Cell]], reader: Reader, blocks: set[str]
) -> _Answer | None:
    """What a row says; None where nothing was answered."""
    status, cover = _code(by_name, "status", reader), _code(by_name, "cover", reader)
    is_of_week = status is None and cover is None
    if is_of_week:
        if "block" not in by_name or by_name["block"][1].text not in blocks:
            return None
        status, cover = HELD, "own"
    if status == CANCELLED and cover is not None and cover not in _UNTAUGHT:
        column, cell = by_name["cover"]
        raise _CellError(column, cell, UNLIKE.format(cell.text.strip().casefold()))
    lesson_id, starts_at, ends_at = (
        by_name[name][1].text if name in by_name else "" for name in ("lesson_id", "starts_at", "ends_at")
    )
    if not (lesson_id and starts_at and ends_at):
        column, cell = by_name.get("status") or by_name.get("cover") or next(iter(by_name.values()))
        raise _CellError(
            column, cell, "Raden mangler timens skjulte opplysninger. Hent et nytt ark og svar der"
        )
    return _Answer(number, status or HELD, cover, lesson_id, starts_at, ends_at, is_of_week)


def _code(by_name: dict[str, tuple[Column, Cell]], name: str, reader: Reader) -> str | None:
    if name not in by_name:
        return None
    column, cell = by_name[name]
    try:
        return str(reader.value(column, cell, None))
    except UnreadableError as problem:
        raise _CellError(column, cell, f"{column.heading} {problem}") from None


def _complaint(answer: _Answer, lesson: Lesson | None, extracted_at: datetime) -> str | None:
    if lesson is None:
        return GONE
    if not (_is_at(answer.starts_at, lesson.starts_at) and _is_at(answer.ends_at, lesson.ends_at)):
        return MOVED
    if lesson.ends_at > extracted_at:
        return AHEAD
    is_registered = lesson.status != TIMETABLED and not lesson.is_from_sheet
    if is_registered and lesson.status != answer.status:
        return REGISTERED.format(STATUS_WORDS[lesson.status])
    return None


def _is_at(stamped: str, instant: datetime) -> bool:
    """Whether a stamp is the instant, to the minute."""
    try:
        return abs(datetime.fromisoformat(stamped) - instant) < timedelta(minutes=1)
    except (ValueError, TypeError):
        return False


def _is_known(answer: _Answer, lesson: Lesson) -> bool:
    """Registered meanwhile, and as answered; or answered for one by one, which a whole week leaves alone."""
    is_registered = lesson.status != TIMETABLED and not lesson.is_from_sheet
    return is_registered or (answer.is_of_week and lesson.is_from_sheet)


def _row(answer: _Answer, lesson: Lesson) -> Row:
    return {
        "lesson_id": lesson.lesson_id,
        "school_id": lesson.school_id,
        "starts_at": lesson.starts_at,
        "ends_at": lesson.ends_at,
        "status": answer.status,
        "cover": answer.cover,
        "replaces_lesson_id": lesson.replaces_lesson_id,
        "subject_code": lesson.subject_code,
    }


def is_lesson_form(form: Form) -> bool:
    return form.table == "lesson"
