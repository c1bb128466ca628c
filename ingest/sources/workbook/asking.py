"""The confirmation workbook: one school's past lessons that no register confirms, ready to be answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ingest.local_time import OSLO
from ingest.sources.workbook.choices import Lists, validate
from ingest.sources.workbook.confirming import stamp
from ingest.sources.workbook.days import week_start, weekday_name
from ingest.sources.workbook.forms import Form, confirmation_forms
from ingest.sources.workbook.known import School
from ingest.sources.workbook.labels import Scope
from ingest.sources.workbook.style import ALLOWED, Style, set_page, workbook

ANSWERS = ("status", "cover", "remark", "all_held")
HIDDEN = ("lesson_id", "starts_at", "ends_at", "block")
_HEADER_ROW, _FIRST_ROW = 2, 3
_BLOCK_LENGTH = 12
# Rows on a protected sheet cannot be sorted or removed one by one; filters and widths can be set.
_ALLOWED = ALLOWED | {"insert_rows": False, "insert_columns": False, "delete_rows": False, "sort": False}
_ANSWERED = {"bold": True, "bg_color": "#E3E7EB"}


@dataclass(frozen=True)
class Asked:
    """A lesson to be answered for."""

    lesson_id: str
    on: date
    starts_at: datetime
    minutes: int
    group: str
    subject: str

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def clock(self) -> str:
        return f"{self.starts_at.astimezone(OSLO):%H:%M}–{self.ends_at.astimezone(OSLO):%H:%M}"

    @property
    def block(self) -> str:
        """The group's week, as a sheet says it."""
        text = f"{self.group}|{self.subject}|{week_start(self.on)}"
        return hashlib.sha256(text.encode()).hexdigest()[:_BLOCK_LENGTH]


def write_confirmation(
    file: Path, school: School, lessons: Sequence[Asked], *, made_on: date, synthetic: bool
) -> None:
    """One line per group and week, and one per lesson."""
    scope = Scope(school.county_number, [school], made_on, synthetic)
    title = f"Bekreft timer, {school.name}"
    about = {"title": title, "created": datetime(made_on.year, made_on.month, made_on.day)}  # noqa: DTZ001
    by_lesson, by_week = confirmation_forms()
    ordered = sorted(lessons, key=lambda one: (one.starts_at, one.group, one.lesson_id))
    with workbook(str(file), about) as book:
        made = _Book(book, Style(book), scope, Lists(scope), title)
        made.sheet(by_week, [_week_row(week) for week in _weeks(ordered)])
        made.sheet(by_lesson, [_lesson_row(lesson) for lesson in ordered])
        made.lists.write(book, made.style)


def _weeks(lessons: Iterable[Asked]) -> list[list[Asked]]:
    """The lessons by group and week, in order of week and group."""

    def place(lesson: Asked) -> tuple[date, str, str]:
        return week_start(lesson.on), lesson.group, lesson.subject

    return [list(found) for _, found in groupby(sorted(lessons, key=place), key=place)]


def _week_row(lessons: Sequence[Asked]) -> dict[str, Any]:
    first = lessons[0]
    monday = week_start(first.on)
    until = monday + timedelta(days=6)
    return {
        "group": first.group,
        "subject": first.subject,
        "week": f"Uke {monday.isocalendar().week} ({monday:%d.%m}–{until:%d.%m.%Y})",
        "lessons": len(lessons),
        "block": first.block,
    }


def _lesson_row(lesson: Asked) -> dict[str, Any]:
    return {
        "date": lesson.on,
        "weekday": weekday_name(lesson.on),
        "clock": lesson.clock,
        "group": lesson.group,
        "subject": lesson.subject,
        "lesson_id": lesson.lesson_id,
        "starts_at": stamp(lesson.starts_at),
        "ends_at": stamp(lesson.ends_at),
        "block": lesson.block,
    }


@dataclass(frozen=True)
class _Book:
    book: xlsxwriter.Workbook
    style: Style
    scope: Scope
    lists: Lists
    title: str

    def sheet(self, form: Form, rows: Sequence[dict[str, Any]]) -> None:
        sheet = self.book.add_worksheet(form.title)
        last = _FIRST_ROW + len(rows) - 1
        sheet.write_string(0, 0, f"{self.title}: {form.title.casefold()}", self.style.title)
        sheet.write_string(1, 0, form.how, self.style.plain)
        sheet.set_row(_HEADER_ROW, 34)
        for place, column in enumerate(form.columns):
            is_answer = column.name in ANSWERS
            hidden = {"hidden": True} if column.name in HIDDEN else {}
            sheet.set_column(place, place, column.width, self.style.shown, hidden)
            heading = self.style.required if is_answer else self.style.heading
            sheet.write_string(_HEADER_ROW, place, column.heading, heading)
            for number, row in enumerate(rows, start=_FIRST_ROW):
                self._cell(sheet, (number, place), row.get(column.name), is_answer=is_answer)
            if is_answer:
                validate(sheet, place, column, (_FIRST_ROW, last), self.lists.reference(column))
                answered = {"type": "no_blanks", "format": self.book.add_format(_ANSWERED)}
                sheet.conditional_format(_FIRST_ROW, place, last, place, answered)
        sheet.freeze_panes(_FIRST_ROW, 0)
        shown = [place for place, column in enumerate(form.columns) if column.name not in HIDDEN]
        sheet.autofilter(_HEADER_ROW, 0, last, shown[-1])
        sheet.print_area(0, 0, last, shown[-1])
        first_answer = next(place for place, column in enumerate(form.columns) if column.name in ANSWERS)
        sheet.set_selection(_FIRST_ROW, first_answer, _FIRST_ROW, first_answer)
        set_page(sheet, self.title, header_row=_HEADER_ROW, footer=self.scope.footer)
        sheet.protect("", _ALLOWED)

    def _cell(self, sheet: Worksheet, place: tuple[int, int], value: Any, *, is_answer: bool) -> None:
        style = self.style.cell if is_answer else self.style.shown
        if isinstance(value, date):
            sheet.write_datetime(*place, value, self.style.shown_date)
        elif isinstance(value, int):
            sheet.write_number(*place, value, style)
        elif value is None:
            sheet.write_blank(*place, None, style)
        else:
            sheet.write_string(*place, value, style)
