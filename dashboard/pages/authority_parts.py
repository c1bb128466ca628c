"""The parts of the answer to the supervisory authority, in the order an official reads them."""

from collections.abc import Callable

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components.figures.waterfall import STEPS
from dashboard.components.table import Column, Table
from dashboard.pages.authority_answer import Part, Source
from dashboard.pages.change_parts import moved_sentence
from dashboard.pages.changes import standing_sentence
from dashboard.pages.parts import distinct_names
from dashboard.queries import authority, changes, common, school
from dashboard.queries.changes import CAUSES, FIGURES
from dashboard.queries.common import LOSSES, STATUSES
from dashboard.text import Text

NEW_ACT = "2024-25"
"""The first school year under the Education Act of 2023, in force from 1 August 2024."""
LAW = ("hours", "plan", "curriculum", "exam", "decisions")
METHOD = ("offered", "waterfall", "assumed", "status", "hidden")
ROUTINE = ("register", "weekly", "groups", "county", "close")
MEASURES = 5


def parts(of: Source) -> list[Part]:
    make: tuple[Callable[[Source], Part], ...] = (
        _law,
        _requirement,
        _method,
        _statuses,
        _hours,
        _causes,
        _unknown,
        _measures,
        _routine,
        _corrections,
    )
    return [one(of) for one in make]


def _law(of: Source) -> Part:
    text = of.text
    words = [text(f"authority.law_{name}") for name in LAW]
    if of.year < NEW_ACT:
        words.append(text("authority.law_before", year=of.year))
    return Part("law", text("authority.law"), words)


def _requirement(of: Source) -> Part:
    text, found = of.text, authority.sources(of.reader, of.year)
    words = [text("authority.source", n=text.counted("subject_row", found["shipped"]))]
    if found["local"]:
        words.append(text("authority.source_local", n=text.counted("subject_row", found["local"])))
    words += [text("authority.source_unknown"), text("authority.licence")]
    return Part("requirement", text("authority.requirement"), words)


def _method(of: Source) -> Part:
    text = of.text
    return Part("method", text("authority.method"), [text(f"authority.method_{name}") for name in METHOD])


def _statuses(of: Source) -> Part:
    """A county's schools, or a school's subjects: what its own page shows, decided by the same query."""
    text = of.text
    statuses = [Column(f"students_{status}", text(f"status.{status}"), "count") for status in STATUSES]
    columns = [
        Column("name", text("column.subject" if of.school else "column.school")),
        Column("students", text("column.students"), "count"),
        Column("students_needing", text("column.needing"), "count"),
        *([Column("missing", text("column.missing"), "hours")] if of.school else statuses),
    ]
    if of.school:
        every = distinct_names(school.subjects(of.reader, of.year, of.school))
        rows = [row for row in every if not isinstance(row["students"], Hidden)]
        small = len(every) - len(rows)
    else:
        rows, small = of.request.named(of.schools), 0
    total = {**of.total, "name": text("authority.all_subjects" if of.school else "authority.all_schools")}
    words = [text("authority.statuses_note_school" if of.school else "authority.statuses_note")]
    if of.school:
        counts = [f"{column.label} {text.number(of.total[column.key])}" for column in statuses]
        words.append(text("authority.statuses_of_school", counts=text.listed(counts)))
    after = [text("authority.small_subjects", n=text.counted("subject_row", small))] if small else []
    caption = text("authority.statuses_caption_school" if of.school else "authority.statuses_caption")
    table = Table("statuses", caption, columns, [total, *sorted(rows, key=lambda row: str(row["name"]))])
    return Part("statuses", text("authority.statuses"), words, table, after)


def _hours(of: Source) -> Part:
    """From what the timetable has to what was offered, beside what is required."""
    text, total = of.text, of.total
    names = ["required", *(step for step, _ in STEPS), "missing"]
    rows = [
        {
            "step": text(f"step.{name}"),
            "minutes": total[name],
            "share": _share(total[name], total["required"]),
        }
        for name in names
    ]
    columns = [
        Column("step", text("column.step")),
        Column("minutes", text("column.student_hours"), "hours"),
        Column("share", text("column.of_required"), "share"),
    ]
    table = Table("hours", text("authority.hours_caption"), columns, rows)
    return Part("hours", text("authority.hours"), [text("authority.hours_note")], table)


def _share(minutes: object, required: object) -> float | Hidden | None:
    for figure in (minutes, required):
        if isinstance(figure, Hidden):
            return figure
    return minutes / required if isinstance(minutes, int) and isinstance(required, int) and required else None


def _causes(of: Source) -> Part:
    text = of.text
    lost = common.losses(of.reader, of.year, ["school_id"] if of.school else ["school_year"])
    row = of.of_school(lost) if of.school else next(iter(lost), None)
    rows = [
        {"cause": text(f"cause.{cause}"), "minutes": row[cause], "students": row[f"n_{cause}"]}
        for cause in LOSSES
        if row
    ]
    if row:
        rows.append(
            {"cause": text("authority.lost_in_all"), "minutes": row["lost"], "students": row["students"]}
        )
    columns = [
        Column("cause", text("changes.cause")),
        Column("minutes", text("digest.lost"), "hours"),
        Column("students", text("authority.at_least"), "count"),
    ]
    table = Table("causes", text("authority.causes_caption"), columns, rows)
    return Part("causes", text("authority.causes"), [text("definition.lost.text")], table)


def _unknown(of: Source) -> Part:
    """What is assumed or not known, and why."""
    text, total = of.text, of.total
    share = total["share_assumed"]
    words = [
        text("authority.assumed", assumed=text.share(share), registered=text.share(1 - share))
        if isinstance(share, float)
        else text("lede.certainty_hidden"),
        text("authority.unknown", students=text.counted("student", total["students_unknown"]))
        if total["students_unknown"]
        else text("authority.unknown_none"),
    ]
    if of.closed:
        # Findings and ages of extracts are of today, and the figures are not.
        return Part("unknown", text("authority.unknown_title"), words)
    schools = [of.request.schools[of.school]] if of.school else list(of.request.schools.values())
    stale = [of.request.short_name(row["school_id"]) for row in schools if row["is_stale"]]
    if stale:
        words.append(text("authority.stale", schools=text.listed(stale)))
    where = "school_id = $school" if of.school else "true"
    rows = [
        {
            **row,
            "what": _worded(text, "check", row["check_code"]) or row["check_code"],
            "remedy": _worded(text, "remedy", row["check_code"]),
        }
        for row in common.quality(of.reader, f"severity <> 'info' and {where}", school=of.school)
    ]
    columns = [
        Column("what", text("column.check")),
        Column("findings", text("column.findings"), "count"),
        *([] if of.school else [Column("schools", text("column.schools"), "count")]),
        Column("remedy", text("data_page.remedy")),
    ]
    table = Table("findings", text("authority.findings_caption"), columns, rows) if rows else None
    after = [text("authority.findings_now")] if rows else []
    return Part("unknown", text("authority.unknown_title"), words, table, after)


def _worded(text: Text, kind: str, code: str) -> str:
    return text(f"{kind}.{code}") if text.has(f"{kind}.{code}") else ""


def _measures(of: Source) -> Part:
    text = of.text
    rows = common.recovery(of.reader, of.year, MEASURES, of.school)
    named = [{**row, "school": of.request.short_name(row["school_id"])} for row in rows]
    columns = [
        Column("group_name", text("column.group")),
        Column("subject_name", text("column.subject")),
        *([] if of.school else [Column("school", text("column.school"))]),
        Column("lessons", text("column.lessons"), "count"),
        Column("students", text("column.students_missing"), "count"),
        Column("lifted", text("column.lifted"), "count"),
    ]
    table = Table("measures", text("recovery.caption"), columns, named) if rows else None
    words = [text("authority.measures_note" if rows else "recovery.none")]
    return Part("measures", text("authority.measures"), words, table)


def _routine(of: Source) -> Part:
    """What only people can say: ticked and signed on the paper."""
    text = of.text
    return Part(
        "routine",
        text("authority.routine"),
        [text("authority.routine_note"), *(text(f"authority.routine_{name}") for name in ROUTINE)],
    )


def _corrections(of: Source) -> Part:
    text, closed = of.text, of.closed
    if closed is None:
        return Part("closed", text("authority.open"), [text("authority.open_note", year=of.year)])
    words = [
        text(
            "authority.closed_note", day=text.day(closed["closed_at"]), as_of=text.day(closed["as_of_date"])
        ),
        text("authority.closed_sum", checksum=closed["checksum"]),
    ]
    if closed["rewritten_at"]:
        day = text.day(closed["rewritten_at"])
        words.append(text(f"corrections.{closed['rewritten_for']}", day=day))
        words.append(text("authority.first_sum", checksum=closed["first_checksum"]))
    figures = {figure: _corrected(of, figure) for figure in FIGURES}
    words.append(moved_sentence(figures["missing"], text, key="corrections_said", day=of.year))
    standing = (
        of.of_school(changes.corrected_standing_by_school(of.reader, of.year))
        if of.school
        else changes.corrected_standing(of.reader, of.year)
    )
    if standing and (standing["worse"] or standing["better"]):
        words.append(text("corrections.would", changes=standing_sentence(standing, text)))
    rows: list[Row] = [
        {
            "cause": text(f"change_cause.{cause}"),
            **{f: row[cause] if row else 0 for f, row in figures.items()},
        }
        for cause in CAUSES
        if any(row and row[f"n_{cause}"] != 0 for row in figures.values())
    ]
    if rows:
        total = {figure: row["moved"] if row else 0 for figure, row in figures.items()}
        rows.append({"cause": text("changes.in_all"), **total})
    columns = [
        Column("cause", text("changes.cause")),
        *(Column(figure, text(f"change_figure.{figure}"), "hours") for figure in FIGURES),
    ]
    table = Table("corrections", text("changes.figures_caption"), columns, rows) if rows else None
    return Part("closed", text("authority.closed", year=of.year), words, table)


def _corrected(of: Source, figure: str) -> Row | None:
    if of.school:
        return of.of_school(changes.corrected_by_school(of.reader, of.year, figure))
    return changes.corrected(of.reader, of.year)[figure]
