"""School: which students are short, in what, and which extra lessons would mend it?"""

from typing import Any

from dashboard.access import names
from dashboard.access.roles import RefusedError, Role
from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.figures.heat import heat
from dashboard.components.lede import certainty, lede, main_finding
from dashboard.components.shell import choice
from dashboard.components.status import status_bar
from dashboard.components.table import Column, Table
from dashboard.pages import Body, EmptyError, Request, authority
from dashboard.pages.parts import distinct_names, loss_card, recovery_card
from dashboard.pages.school_calendar import calendar_card
from dashboard.pages.school_group import group_cards
from dashboard.pages.school_what_if import what_if_card
from dashboard.pages.words import student_column
from dashboard.queries import common, school
from dashboard.text import Text

STUDENTS_SHOWN = 200


def build(request: Request) -> Body:
    text, year, school_id = request.view.text, request.year, request.parts["school"]
    if school_id not in request.schools:
        raise RefusedError("no such school within the scope")
    total = next((r for r in common.by_school(request.reader, year) if r["school_id"] == school_id), None)
    if total is None:
        extracted = request.schools[school_id]["extracted_on"]
        raise EmptyError("school_empty", day=text.day(extracted))
    subject = request.view.params.get("subject") or None
    name = request.school_name(school_id)
    history = common.trend_by_school(request.reader, year).get(school_id, [])
    compared = request.compared([row["as_of_date"] for row in history])
    before = next((row for row in history if row["as_of_date"] == compared), None)
    cards = Cards(request.view, request.publication)
    measures = school.of_subject(common.recovery(request.reader, year, None, school_id), subject)
    stale = request.schools[school_id]["is_stale"]
    causes = [r for r in common.losses(request.reader, year, ["school_id"]) if r["school_id"] == school_id]
    named = request.reader.viewer.sees_students
    subjects = _subjects_card(cards, request, school_id)
    content = [
        lede(
            name,
            main_finding(total, text),
            _certainty(request, school_id, total),
            _what_to_do(request, measures),
        ),
        html.P(
            text(
                "school.stale",
                days=text.counted("school_day", request.schools[school_id]["age_teaching_days"]),
            ),
            className="warning",
        )
        if stale
        else None,
        status_bar(
            total, before, text, (lambda s: f"{request.view.href(status=s)}#students") if named else None
        ),
        _subject_choice(request, school_id, subject),
        html.Div(
            [
                html.Div(
                    [
                        recovery_card(cards, measures, request, at_school=True, shown_rows=6),
                        None if named else loss_card(cards, causes, total, text),
                    ]
                ),
                _students_card(cards, request, school_id, subject, measures) if named else subjects,
            ],
            className="halves lessons-first",
        ),
        None if named else html.P(text("students.refused"), className="quiet"),
        group_cards(cards, request, school_id),
        what_if_card(cards, request, school_id),
        _heat_card(cards, request, school_id),
        calendar_card(cards, request, school_id),
        _groups_card(cards, request, school_id, subject),
        html.Div([subjects, loss_card(cards, causes, total, text)], className="halves") if named else None,
        authority.link(request, school_id),
    ]
    return Body(
        name,
        _crumbs(request, school_id, name),
        content,
        cards.tables,
        [row["as_of_date"] for row in history][:-1],
        compared,
    )


def _crumbs(request: Request, school_id: str, name: str) -> list[tuple[str, str | None]]:
    if request.reader.viewer.role in (Role.PRINCIPAL, Role.TEACHER):
        return [(name, None)]
    number = request.schools[school_id]["county_number"]
    county = common.counties(request.reader).get(number, {}).get("name", number)
    view = request.view
    return [
        (view.text("page.overview"), view.href("/")),
        (str(county), view.href(f"/county/{number}")),
        (name, None),
    ]


def _certainty(request: Request, school_id: str, total: Row) -> str:
    text = request.view.text
    day = text.day(request.schools[school_id]["extracted_on"])
    return f"{certainty(total, 0, text)} {text('school.extracted', day=day)}"


def _what_to_do(request: Request, measures: list[Row]) -> Any:
    if not measures:
        return None
    text, first = request.view.text, measures[0]
    return text(
        "school.do",
        lessons=text.counted("lesson", first["lessons"]),
        group=first["group_name"],
        students=text.counted("student", first["lifted"]),
    )


def _subject_choice(request: Request, school_id: str, subject: str | None) -> html.Div:
    text = request.view.text
    subjects = sorted(
        {
            (row["subject_code"], row["subject_name"])
            for row in school.subjects(request.reader, request.year, school_id)
        },
        key=lambda pair: str(pair[1]),
    )
    options = [("", text("school.all_subjects")), *((code, f"{name} ({code})") for code, name in subjects)]
    return html.Div(choice("subject", text("column.subject"), options, subject or ""), className="filters")


def _students_card(
    cards: Cards, request: Request, school_id: str, subject: str | None, measures: list[Row]
) -> html.Section:
    """Which students, in which subjects, for those who may see students."""
    text, viewer = cards.view.text, request.reader.viewer
    status = request.view.params.get("status", "")
    status = status if status in common.STATUSES else ""
    rows = school.students_needing(
        request.reader, request.year, school_id, subject, STUDENTS_SHOWN, status=status or None
    )
    known = names.of(viewer, [row["student_key"] for row in rows])
    found = rows[0]["found"] if rows else 0
    named = [
        {
            **row,
            "name": known.get(row["student_key"], row["student_key"][:8]),
            "mended": _mended_by(row, measures, text),
        }
        for row in rows
    ]
    columns = [
        student_column(cards.view),
        Column("subject_name", text("column.subject")),
        Column("status", text("column.status"), "status"),
        Column("missing", text("column.missing"), "hours", bar=True),
        Column("required", text("column.required"), "hours"),
        Column("mended", text("column.mended")),
    ]
    lines = text(
        "students.lines" if found == len(rows) else "students.first",
        shown=text.number(len(rows)),
        found=text.number(found),
    )
    unnamed = f" {text('students.unnamed')}" if viewer.sees_names and not known else ""
    title = "students.title_teacher" if viewer.role is Role.TEACHER else "students.title"
    said = {"students": text.counted("student", rows[0]["students"] if rows else 0)}
    if status:
        title, said["status"] = "students.title_status", text(f"status.{status}")
    note: list[Any] = [f"{lines}{unnamed}"] if rows else []
    if status:
        note += [" ", html.A(text("students.all"), href=f"{cards.view.href(status=None)}#students")]
    return cards.card(
        text(title, **said) if rows or status else text("students.none"),
        Table("students", text("students.caption"), columns, named),
        shown_rows=7,
        note=note,
        defined=("needing", "missing", "recovery"),
    )


def _mended_by(row: Row, measures: list[Row], text: Text) -> str:
    """What gives this student the hours: a place, extra lessons for the group, or something of its own."""
    if row["status"] == "not_assigned":
        return text("students.place")
    groups = (row["groups"] or "").split("|")
    for measure in measures:
        of_student = measure["group_id"] in groups and measure["subject_code"] == row["subject_code"]
        expected = measure["minutes"] * (1 - (row["loss_rate"] or 0))
        # Both are whole minutes in the end, so that less than one may lie between them.
        if of_student and expected > row["missing"] - 1:
            lessons = text.counted("added", measure["lessons"])
            return text("students.lessons", lessons=lessons, group=measure["group_name"])
    return text("students.own")


def _heat_card(cards: Cards, request: Request, school_id: str) -> html.Section:
    text = cards.view.text
    rows = distinct_names(school.weeks(request.reader, request.year, school_id))
    table = Table(
        "weeks",
        text("heat.caption"),
        [
            Column("name", text("column.subject")),
            Column("iso_week", text("column.week")),
            Column("week_start", text("column.week_start"), "day"),
            Column("scheduled", text("column.scheduled"), "hours"),
            Column("lost", text("column.lost_lessons"), "hours"),
        ],
        rows,
    )
    if not rows:
        return cards.card(text("heat.none"), table)
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["name"]] = sums.get(row["name"], 0) + row["lost"]
    worst = max(sums, key=lambda subject: sums[subject])
    spared = sum(1 for lost in sums.values() if not lost)
    title = (
        text("heat.title", subject=worst, hours=text.hours_said(sums[worst]))
        if sums[worst]
        else text("heat.zero")
    )
    return cards.card(
        title,
        table,
        figure=heat(rows, text),
        figure_is_table=True,
        note=" ".join(
            [text("heat.note"), *([text("heat.without", n=text.number(spared))] if spared else [])]
        ),
        defined=("lost_lessons",),
        className="wide",
    )


def _groups_card(cards: Cards, request: Request, school_id: str, subject: str | None) -> html.Section:
    text = cards.view.text
    rows = school.of_subject(school.groups(request.reader, request.year, school_id), subject)
    behind = sum(1 for row in rows if row["gap"] is not None and row["gap"] < 0)
    columns = [
        Column(
            "group_name",
            text("column.group"),
            href=lambda row: f"{cards.view.href(group=row['group_id'])}#group",
        ),
        Column("subject_name", text("column.subject")),
        Column("students", text("column.members"), "count"),
        Column("status", text("column.status"), "status"),
        Column("required", text("column.required"), "hours"),
        Column("scheduled", text("column.scheduled"), "hours"),
        Column("cancelled", text("column.cancelled"), "hours"),
        Column("made_up", text("column.made_up"), "hours"),
        Column("projected", text("column.projected"), "hours"),
        Column("gap", text("column.gap"), "hours"),
        Column("weekly_planned", text("column.weekly_planned"), "count"),
        Column("weekly_needed", text("column.weekly_needed"), "count"),
    ]
    return cards.card(
        text("groups.title", n=text.number(behind), of=text.counted("group", len(rows)))
        if behind
        else text("groups.none"),
        Table("groups", text("groups.caption"), columns, rows),
        shown_rows=10,
        defined=("forecast",),
        className="wide",
    )


def _subjects_card(cards: Cards, request: Request, school_id: str) -> html.Section:
    text = cards.view.text
    rows = distinct_names(school.subjects(request.reader, request.year, school_id))
    columns = [
        Column(
            "name",
            text("column.subject"),
            href=lambda row: f"{cards.view.href(subject=row['subject_code'])}#groups",
        ),
        Column("students", text("column.students"), "count"),
        Column("students_needing", text("column.needing"), "count"),
        Column("share_needing", text("column.share"), "share", bar=True),
        Column("missing", text("column.missing"), "hours"),
    ]
    worst = max(
        (row for row in rows if isinstance(row["students_needing"], int) and row["students_needing"]),
        key=lambda row: row["students_needing"],
        default=None,
    )
    return cards.card(
        text(
            "school_subjects.title",
            subject=worst["name"],
            students=text.counted("student", worst["students_needing"]),
        )
        if worst
        else text("school_subjects.plain"),
        Table("subjects", text("school_subjects.caption"), columns, rows),
        shown_rows=8 if request.reader.viewer.sees_students else 16,
        note=html.A(text("school.all_subjects"), href=cards.view.href(subject=None))
        if request.view.params.get("subject")
        else None,
        defined=("needing", "missing"),
    )
