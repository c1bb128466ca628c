"""What if: the question as a form whose state is the address, and the answer as a sentence."""

from datetime import date, timedelta
from typing import Any

from dashboard.access import names
from dashboard.access.roles import Role
from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.aria import aria, data
from dashboard.components.card import Cards
from dashboard.components.shell import Choice
from dashboard.components.status import status_bar
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.queries import school
from dashboard.queries.what_if import Answer, answer
from dashboard.text import Text
from dashboard.view import View
from scenario.change import AddLessons, Change, ImpossibleError, MoveMembers, TeacherAway
from scenario.opened import BusyError
from scenario.school import UnavailableError

KINDS = ("add", "absent", "move")
FIELDS = ("group", "to", "lessons", "minutes", "from", "weeks", "covered", "every")
NUMBERS = {"lessons": (1, 20), "weeks": (1, 12), "covered": (0, 20)}
LENGTHS = (30, 45, 60, 75, 90, 135)
LAST_SCHOOL_DAY = (6, 20)
"""Until when dates are offered; what lies after the last lesson is told apart when it is asked about."""
PLACE = "what-if"


def what_if_card(cards: Cards, request: Request, school_id: str) -> html.Section | None:
    """Only where students may be seen, and about the newest figures alone."""
    view = request.view
    if not request.reader.viewer.sees_students or view.as_of or request.year != request.years[0]:
        return None
    kind = view.params.get("what_if", "")
    if kind not in KINDS:
        return _unasked(view)
    groups = _groups(request, school_id)
    form = html.Div([_kinds(view, kind), _form(view, kind, groups, request.publication.as_of)])
    chosen = ("group", "to") if kind == "move" else ("group",)
    if any(view.params.get(name, "") not in groups for name in chosen):
        return _told(view, form, view.text("what_if.choose"))
    change = _change(view, kind, request.publication.as_of)
    try:
        found = answer(request.reader, request.year, school_id, change)
    except (ImpossibleError, UnavailableError, BusyError) as why:
        return _told(view, form, _why_not(why, view.text))
    said = _said(change, groups, found, view.text)
    return _answered(cards, request, form, said, found)


def _why_not(why: Exception, text: Text) -> str:
    match why:
        case ImpossibleError():
            return text(f"what_if.cannot_{why.kind}", day=text.day(why.values.get("day")))
        case BusyError():
            return text("what_if.busy")
        case _:
            return text("what_if.unavailable")


def try_it(view: View, row: Row) -> html.A:
    """The way from a proposal to what it would come to."""
    asked = {
        **dict.fromkeys(FIELDS),
        "what_if": "add",
        "group": row["group_id"],
        "lessons": str(row["lessons"]),
    }
    return html.A(view.text("what_if.try"), href=f"{view.href(**asked)}#{PLACE}", className="try")


def _unasked(view: View) -> html.Section:
    return _told(view, _kinds(view, ""), view.text("what_if.intro"))


def _told(view: View, form: Any, said: str) -> html.Section:
    heading = f"card-{PLACE}"
    return html.Section(
        [
            html.H2(view.text("what_if.title"), id=heading),
            form,
            html.P(said, className="quiet", role="status"),
        ],
        id=PLACE,
        className="card wide",
        **aria(labelledby=heading),
    )


def _kinds(view: View, chosen: str) -> html.Div:
    """Three questions; choosing one begins anew with the same group."""
    links = [
        html.A(
            view.text(f"what_if.{kind}"),
            href=f"{view.href(**{**dict.fromkeys(FIELDS[1:]), 'what_if': kind})}#{PLACE}",
            className="here" if kind == chosen else "",
            **(aria(current="true") if kind == chosen else {}),
        )
        for kind in KINDS
    ]
    return html.Div(links, className="kinds filters")


def _groups(request: Request, school_id: str) -> dict[str, str]:
    """The groups that may be asked about, by name with what they are taught."""
    viewer, found = request.reader.viewer, dict[str, tuple[str, list[str]]]()
    for row in school.groups(request.reader, request.year, school_id):
        if viewer.role is not Role.TEACHER or row["group_id"] in viewer.group_ids:
            named = found.setdefault(row["group_id"], (row["group_name"] or row["group_id"], []))
            named[1].append(row["subject_name"] or row["subject_code"])
    said = {group: f"{name} – {', '.join(subjects)}" for group, (name, subjects) in found.items()}
    return dict(sorted(said.items(), key=lambda pair: pair[1]))


def _form(view: View, kind: str, groups: dict[str, str], as_of: date) -> html.Form:
    text, listed = view.text, list(groups.items())
    nothing = ("", text("what_if.none_chosen"))
    fields = [_field(view, "group", [nothing, *listed])]
    if kind == "add":
        lengths = sorted({*LENGTHS, _number(view, "minutes", 0)} - {0})
        minutes = [("", text("what_if.usual")), *((str(n), text.number(n)) for n in lengths)]
        fields += [_numbers(view, "lessons", 3), _field(view, "minutes", minutes)]
    elif kind == "absent":
        fields += [_numbers(view, "weeks", 2), _numbers(view, "covered", 0)]
        fields.append(
            _field(view, "every", [("", text("what_if.every_no")), ("1", text("what_if.every_yes"))])
        )
    else:
        fields.append(_field(view, "to", [nothing, *listed]))
    fields.append(_field(view, "from", _days(view, as_of)))
    button = html.Button(text("what_if.run"), type="submit", id="what-if-run", disable_n_clicks=True)
    return html.Form([*fields, button], className="filters what-if", **data(choices=PLACE))


def _field(view: View, name: str, options: list[Choice], chosen: str | None = None) -> html.Label:
    value = view.params.get(name, "") if chosen is None else chosen
    return html.Label(
        [
            html.Span(view.text(f"what_if.{name}")),
            html.Select(
                [html.Option(label, value=key) for key, label in options],
                id=f"what-if-{name}",
                disable_n_clicks=True,
                **data(field=name, chosen=value),
            ),
        ],
        className="choice",
    )


def _numbers(view: View, name: str, usual: int) -> html.Label:
    least, most = NUMBERS[name]
    chosen = _number(view, name, usual)
    offered = sorted({*range(least, most + 1), chosen})
    return _field(view, name, [(str(n), view.text.number(n)) for n in offered], str(chosen))


def _days(view: View, as_of: date) -> list[Choice]:
    """Tomorrow, and each Monday of the rest of the school year; a day that came with a link as well."""
    tomorrow = as_of + timedelta(days=1)
    monday = tomorrow + timedelta(days=-tomorrow.weekday() % 7)
    year = tomorrow.year + (tomorrow.month > 7)
    last, days = date(year, *LAST_SCHOOL_DAY), []
    while monday <= last:
        days.append(monday)
        monday += timedelta(weeks=1)
    asked = _date(view, tomorrow)
    listed = sorted({tomorrow, asked, *days})
    return [("" if day == tomorrow else day.isoformat(), view.text.day(day, "EEE d MMM y")) for day in listed]


def _change(view: View, kind: str, as_of: date) -> Change:
    group, first = view.params["group"], _date(view, as_of + timedelta(days=1))
    if kind == "add":
        return AddLessons(group, first, _number(view, "lessons", 3), _number(view, "minutes", 0) or None)
    if kind == "absent":
        every_group = view.params.get("every") == "1"
        return TeacherAway(group, first, _number(view, "weeks", 2), _number(view, "covered", 0), every_group)
    return MoveMembers(group, first, view.params.get("to", ""))


def _number(view: View, name: str, usual: int) -> int:
    stated = view.params.get(name, "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 6 else usual


def _date(view: View, usual: date) -> date:
    try:
        return date.fromisoformat(view.params.get("from", ""))
    except ValueError:
        return usual


def _said(change: Change, groups: dict[str, str], found: Answer, text: Text) -> str:
    """The change in words."""
    group, day = groups[change.group_id].partition(" – ")[0], text.day(change.first, "d MMMM")
    match change:
        case AddLessons():
            lessons = text.counted("lesson", found.applied.lessons)
            return text("what_if.said_add", lessons=lessons, group=group, day=day)
        case TeacherAway():
            weeks = text.counted("week", change.weeks)
            return text("what_if.said_absent", weeks=weeks, group=group, day=day)
        case MoveMembers():
            to = groups.get(change.to_group_id, change.to_group_id).partition(" – ")[0]
            return text("what_if.said_move", group=group, to=to, day=day)


def _effect(found: Answer, text: Text) -> str:
    counts = {"up": found.up, "down": found.down, "nearer": found.nearer, "deeper": found.deeper}
    parts = [text(f"what_if.{name}", students=text.counted("student", n)) for name, n in counts.items() if n]
    return text.listed(parts) if parts else text("what_if.nobody")


def _answered(cards: Cards, request: Request, form: Any, said: str, found: Answer) -> html.Section:
    text, viewer, kind = cards.view.text, request.reader.viewer, cards.view.params["what_if"]
    keys = list(dict.fromkeys(row["student_key"] for row in found.moved))
    known = names.of(viewer, keys)
    rows = [
        {
            **row,
            "name": known.get(row["student_key"], row["student_key"][:8]),
            "was": text(f"status.{row['status_before']}") if row["status_before"] else "",
        }
        for row in found.moved
        if row["status"]
    ]
    columns = [
        Column(
            "name",
            text("column.student"),
            href=lambda row: cards.view.href(f"{cards.view.path}/student/{row['student_key']}"),
        ),
        Column("subject_name", text("column.subject")),
        Column("was", text("what_if.now")),
        Column("status", text("what_if.then"), "status"),
        Column("missing_before", text("what_if.missing_now"), "hours"),
        Column("missing", text("what_if.missing_then"), "hours"),
    ]
    title = text("what_if.finding", change=said, effect=_effect(found, text))
    note = html.Div([form, *_bars(found, text), html.P(_rest(found, kind, text), role="status")])
    return cards.card(
        title,
        Table(PLACE, title, columns, rows),
        shown_rows=10,
        note=note,
        defined=("what_if", "needing", "forecast"),
        className="wide",
    )


def _bars(found: Answer, text: Text) -> list[Any]:
    return [
        html.Div([html.H3(text(f"what_if.{name}")), status_bar(row, None, text)], className="side")
        for name, row in (("now", found.before), ("then", found.after))
    ]


def _rest(found: Answer, kind: str, text: Text) -> str:
    """What the change came to, whom it touches without another status, and who is left."""
    said = []
    if found.applied.cancelled:
        said.append(text("what_if.fallen", lessons=text.counted("lesson_lost", found.applied.cancelled)))
    if found.applied.groups > 1:
        said.append(text("what_if.several", groups=text.counted("group", found.applied.groups)))
    said.append(text(f"what_if.touched_{kind}", students=text.counted("student", found.touched)))
    if found.still_lacking:
        said.append(text("what_if.still", students=text.counted("student", found.still_lacking)))
    return " ".join([*said, text("what_if.nothing_done")])
