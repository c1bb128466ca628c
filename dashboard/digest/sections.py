"""The digest's sections: what changed and why, what helps, where it is worst, whom to warn, how sure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden
from dashboard.components.table import Kind, formatted
from dashboard.digest import Listing, Section
from dashboard.pages import Request
from dashboard.pages.change_parts import moved_sentence, signed_hours
from dashboard.pages.changes import standing_sentence
from dashboard.pages.parts import distinct_names, standing_out
from dashboard.queries import absence, changes, common, overview, school
from dashboard.queries.changes import largest
from dashboard.text import Text

ROWS = 5
CAUSES = 7
"""Causes by name; the rest are one row, so that the list sums to the change."""
PERIOD = "year"


@dataclass
class Week:
    """One recipient's figures, each asked for once."""

    request: Request
    school: str | None
    since: date | None
    """The publication compared with; nothing where nothing new has come."""
    delivered_after: date
    """Whoever delivered later than this has delivered this week."""
    reader: Reader = field(init=False)
    text: Text = field(init=False)
    total: Row | None = field(init=False)
    schools: list[Row] = field(init=False)
    measures: list[Row] = field(init=False)
    absence: Row | None = field(init=False)

    def __post_init__(self) -> None:
        self.reader, self.text = self.request.reader, self.request.view.text
        reader, year, one = self.reader, self.request.year, self.school
        self.schools = common.by_school(reader, year)
        self.total = self.of_school(self.schools) if one else common.totals(reader, year)
        self.measures = common.recovery(reader, year, ROWS, one)
        self.absence = (
            self.of_school(absence.by_school(reader, year, PERIOD, None))
            if one
            else absence.total(reader, year, PERIOD, None)
        )

    def of_school(self, rows: Sequence[Row]) -> Row | None:
        """What is hidden at one school depends on the others, so its row is picked from among theirs."""
        return next((row for row in rows if row["school_id"] == self.school), None)


def sections(week: Week) -> list[Section]:
    make: tuple[Callable[[Week], Section | None], ...] = (
        _changed,
        _recovery,
        _subjects_of_school if week.school else _schools,
        _groups if week.school else _subjects_lost,
        _absence,
        _data,
    )
    return [section for one in make if (section := one(week))]


def _changed(week: Week) -> Section | None:
    text, reader, year = week.text, week.reader, week.request.year
    if week.since is None:
        return None
    if week.school:
        row = week.of_school(changes.moved_by_school(reader, year, week.since, "missing"))
        standing = week.of_school(changes.standing_by_school(reader, year, week.since))
    else:
        row = changes.moved(reader, year, week.since)["missing"]
        standing = changes.standing(reader, year, week.since)
    day = text.day(week.since, "d MMMM")
    main = moved_sentence(row, text, key="changes_said", day=day)
    steps = cause_steps(row, text)
    heads = [
        (text("changes.cause"), False),
        (text("column.student_hours"), True),
        (text("column.students"), True),
    ]
    rows = [[name, said, "" if n is None else text.number(n)] for name, _, said, n in steps]
    return Section(
        "changed",
        main,
        [standing_sentence(standing, text)] if standing else [],
        Listing(heads, rows, ends_in_sum=True) if rows else None,
        week.request.view.href("/changes", compare=week.since.isoformat()),
        text("changes.to_changes"),
        [(name, minutes, said) for name, minutes, said, _ in steps],
    )


def cause_steps(row: Row | None, text: Text) -> list[tuple[str, int, str, Any]]:
    """The largest causes, the rest together, and their sum, which is the change: each with its students."""
    if row is None or not isinstance(row["moved"], int):
        return []
    named = _largest(row)[:CAUSES]
    found: list[tuple[str, int, Any]] = [
        (text(f"change_cause.{cause}"), minutes, row[f"n_{cause}"]) for cause, minutes in named
    ]
    rest = row["moved"] - sum(minutes for _, minutes in named)
    if rest:
        found.append((text("digest.other_causes"), rest, None))
    if found:
        found.append((text("changes.in_all"), row["moved"], row["students"]))
    return [(name, minutes, signed_hours(minutes, text), n) for name, minutes, n in found]


def _largest(row: Row) -> list[tuple[str, int]]:
    found = largest(row, rising=True) + largest(row, rising=False)
    return sorted(found, key=lambda entry: -abs(entry[1]))


def _recovery(week: Week) -> Section:
    text = week.text
    rows = [
        [
            text.counted("added", row["lessons"]),
            " · ".join(
                filter(
                    None,
                    [
                        row["group_name"],
                        row["subject_name"],
                        "" if week.school else week.request.short_name(row["school_id"]),
                    ],
                )
            ),
            text("recovery.lift", students=text.counted("student", row["lifted"])),
        ]
        for row in week.measures
    ]
    heads = [(text("column.lessons"), False), (text("column.group"), False), (text("digest.effect"), False)]
    path = f"/school/{week.school}" if week.school else "/"
    return Section(
        "recovery",
        text("recovery.title" if rows else "recovery.none"),
        [],
        Listing(heads, rows, roomy=1) if rows else None,
        f"{week.request.view.href(path)}#recovery" if rows else "",
        text("digest.to_recovery"),
    )


def _schools(week: Week) -> Section:
    text = week.text
    named = week.request.named(week.schools)
    limits = overview.funnel(week.schools, week.total["share_needing"]) if week.total else None
    return Section(
        "schools",
        standing_out(named, limits, text),
        [],
        _listing(
            named[:ROWS],
            [
                ("name", text("column.school"), "text"),
                ("students", text("column.students"), "count"),
                ("students_needing", text("column.needing"), "count"),
                ("share_needing", text("column.share"), "share"),
                ("missing", text("column.missing"), "hours"),
            ],
            text,
        ),
        week.request.view.href(f"/county/{week.reader.viewer.county_number}"),
        text("digest.to_schools"),
    )


def _subjects_lost(week: Week) -> Section:
    text = week.text
    names = {row["subject_code"]: row["name"] for row in week.reader.reference("subject")}
    found = [
        {**row, "subject_name": names.get(row["subject_code"]) or row["subject_code"]}
        for row in common.losses(week.reader, week.request.year, ["subject_code"])
    ]
    rows = distinct_names(found)[:ROWS]
    first = next((row["name"] for row in rows if not isinstance(row["lost"], Hidden)), "")
    return Section(
        "subjects",
        text("subjects.title", name=first) if first else text("subjects.none"),
        [],
        _listing(
            rows,
            [
                ("name", text("column.subject"), "text"),
                ("lost", text("digest.lost"), "hours"),
                ("cancelled", text("cause_short.cancelled"), "hours"),
                ("not_scheduled", text("cause_short.not_scheduled"), "hours"),
            ],
            text,
        ),
    )


def _subjects_of_school(week: Week) -> Section:
    text = week.text
    rows = distinct_names(school.subjects(week.reader, week.request.year, str(week.school)))
    shown = [row for row in rows if isinstance(row["students_needing"], int) and row["students_needing"]]
    shown.sort(key=lambda row: -row["students_needing"])
    worst = shown[0] if shown else None
    title = text("school_subjects.plain")
    if worst:
        students = text.counted("student", worst["students_needing"])
        title = text("school_subjects.title", subject=worst["name"], students=students)
    return Section(
        "subjects",
        title,
        [] if shown else [text("digest.few_by_subject")],
        _listing(
            shown[:ROWS],
            [
                ("name", text("column.subject"), "text"),
                ("students", text("column.students"), "count"),
                ("students_needing", text("column.needing"), "count"),
                ("share_needing", text("column.share"), "share"),
                ("missing", text("column.missing"), "hours"),
            ],
            text,
        ),
    )


def _groups(week: Week) -> Section:
    text = week.text
    every = school.groups(week.reader, week.request.year, str(week.school))
    behind = [row for row in every if row["gap"] is not None and row["gap"] < 0]
    rows = [
        {**row, "group": f"{row['group_name']} · {row['subject_name']}", "more": _more(row)}
        for row in behind[:ROWS]
    ]
    return Section(
        "groups",
        text("groups.title", n=text.number(len(behind)), of=text.counted("group", len(every)))
        if behind
        else text("groups.none"),
        [],
        _listing(
            rows,
            [
                ("group", text("column.group"), "text"),
                ("students", text("column.members"), "count"),
                ("gap", text("column.gap"), "hours"),
                ("more", text("digest.more_weekly"), "count"),
            ],
            text,
        ),
    )


def _more(row: Row) -> int | None:
    planned, needed = row["weekly_planned"], row["weekly_needed"]
    return None if planned is None or needed is None else max(0, needed - planned)


def _listing(rows: list[Row], columns: list[tuple[str, str, Kind]], text: Text) -> Listing | None:
    if not rows:
        return None
    return Listing(
        [(head, kind in ("count", "hours", "share")) for _, head, kind in columns],
        [[_cell(row[key], kind, text) for key, _, kind in columns] for row in rows],
    )


def _cell(value: Any, kind: Kind, text: Text) -> str:
    return text.hidden(value) if isinstance(value, Hidden) else formatted(value, kind, text)


def _absence(week: Week) -> Section | None:
    text, row = week.text, week.absence
    if row is None:
        return None
    due, over = row["due"], row["over_unwarned"]
    if isinstance(due, Hidden):
        return Section("absence", text("absence.due_hidden"))
    if due == 0:
        return Section("absence", text("absence.due_none"))
    words = []
    if isinstance(over, int) and over:
        words.append(text("absence.due_over", n=text.number(over)))
    if not week.school:
        most = [
            one
            for one in absence.by_school(week.reader, week.request.year, PERIOD, None)
            if isinstance(one["due"], int) and one["due"]
        ]
        most.sort(key=lambda one: -one["due"])
        told = [
            f"{week.request.short_name(one['school_id'])} ({text.number(one['due'])})" for one in most[:3]
        ]
        if len(most) > 1:
            words.append(text("digest.due_most", schools=text.listed(told)))
    words.append(text("digest.warn"))
    return Section(
        "absence",
        text("absence.due", students=text.counted("student", due)),
        words,
        None,
        week.request.view.href("/absence"),
        text("digest.to_absence"),
    )


def _data(week: Week) -> Section:
    text = week.text
    schools = [week.request.schools[week.school]] if week.school else _with_figures(week)
    fresh = sum(1 for row in schools if row["extracted_on"] and row["extracted_on"] > week.delivered_after)
    stale = [row for row in schools if row["is_stale"]]
    if week.school:
        title = text("school.extracted", day=text.day(schools[0]["extracted_on"]))
    else:
        title = text("digest.delivered", n=text.number(fresh), of=text.counted("school", len(schools)))
    words = []
    if stale:
        names = text.listed([week.request.short_name(row["school_id"]) for row in stale[:3]])
        days = text.counted("school_day", max(row["age_teaching_days"] for row in stale))
        words.append(
            text("school.stale", days=days) if week.school else text("data.stale", schools=names, days=days)
        )
    words += _unknown(week)
    where = "school_id = $school" if week.school else "true"
    for row in common.quality(week.reader, f"severity = 'error' and {where}", school=week.school):
        if row["check_code"] != "stale_extract":
            said = f"{text('check.' + row['check_code'])}: {text.number(row['findings'])}."
            words.append(f"{said} {text('remedy.' + row['check_code'])}")
    return Section("data", title, words, None, week.request.view.href("/data"), text("data.link"))


def _with_figures(week: Week) -> list[Row]:
    known = {row["school_id"] for row in week.schools}
    return [row for row in week.request.schools.values() if row["school_id"] in known]


def _unknown(week: Week) -> list[str]:
    """How many students nothing can be said of; the title's second sentence has what is assumed."""
    row, text = week.total, week.text
    if row is None or not row["students_unknown"]:
        return []
    return [text("digest.unknown", students=text.counted("student", row["students_unknown"]))]
