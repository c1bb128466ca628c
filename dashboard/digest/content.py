"""What one digest says, put together from the queries of the pages."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden, Reason
from dashboard.components.lede import certainty, main_finding
from dashboard.components.status import SIGNS, status_parts
from dashboard.components.table import reason_said
from dashboard.digest import Digest, Figure, Segment
from dashboard.digest.sections import Week, sections
from dashboard.pages import Request
from dashboard.pages.parts import where_lost
from dashboard.queries import changes, common
from dashboard.queries.common import Publication
from dashboard.text import Text
from dashboard.view import View

A_WEEK = timedelta(days=7)


def digest(
    reader: Reader,
    county: str,
    school: str | None,
    text: Text,
    *,
    on: date,
    since: date | None = None,
    address: str,
) -> Digest | None:
    """The week of a county or one of its schools; nothing where no student has figures.

    `on`: the day it is for. `since`: compared with the last publication up to then, else a week before the
    newest figures. `address`: where the pages are.
    """
    viewer = Viewer(Role.DIRECTOR, "digest", county)
    seen = reader.seen_by(viewer)
    published = common.publication(seen)
    path = f"/school/{school}" if school else "/"
    view = View(path, {"lang": text.language}, viewer, demo=False, text=text)
    request = Request(view, seen, published, {"school": school} if school else {})
    if not request.years or (school and school not in request.schools):
        return None
    days = changes.since_dates(seen, request.year)
    newest = _newest_extract(request, school)
    quiet = newest is None or newest <= on - A_WEEK
    week = Week(request, school, None if quiet else _compared(days, published.as_of, since), on - A_WEEK)
    total = week.total
    if total is None:
        return None
    found = sections(week)
    return Digest(
        county=county,
        school=school,
        language=text.language,
        kind=text("digest.kind"),
        place=_place(week),
        as_of=published.as_of,
        moment=published.built_at.isoformat(timespec="seconds"),
        build=published.build_id,
        since=week.since,
        title=main_finding(total, text),
        second=_second(week, total),
        do=_do(week),
        notice=_notice(week, newest) if quiet else "",
        synthetic=text("shell.synthetic") if published.synthetic else "",
        figures=_figures(week, total),
        bar=_bar(total, text),
        sections=found,
        hidden=reason_said(Hidden(Reason.FEW, seen.threshold), text),
        foot=_foot(text, published, school),
        page=f"{address}{view.href(path)}",
        page_words=text("digest.to_page"),
    )


def recipients(owner: Reader) -> list[tuple[str, list[str]]]:
    """Each county with figures in the newest school year, and its schools."""
    years = common.school_years(owner)
    found: dict[str, list[str]] = {}
    for row in common.by_school(owner, years[0]) if years else []:
        found.setdefault(row["county_number"], []).append(row["school_id"])
    return [(county, sorted(schools)) for county, schools in sorted(found.items())]


def _compared(days: Sequence[date], as_of: date, since: date | None) -> date | None:
    """The last publication up to the date asked for, else up to a week before the newest."""
    until = since or as_of - A_WEEK
    earlier = [day for day in days if day <= until]
    return earlier[-1] if earlier else next(iter(days), None)


def _newest_extract(request: Request, school: str | None) -> date | None:
    schools = [request.schools[school]] if school else list(request.schools.values())
    return max((row["extracted_on"] for row in schools if row["extracted_on"]), default=None)


def _place(week: Week) -> str:
    if week.school:
        return week.request.school_name(week.school)
    number = str(week.reader.viewer.county_number)
    return str(common.counties(week.reader).get(number, {}).get("name", number))


def _notice(week: Week, newest: date | None) -> str:
    text = week.text
    if newest is None:
        return text("digest.never")
    return text("digest.quiet_school" if week.school else "digest.quiet", day=text.day(newest))


def _second(week: Week, total: Row) -> str:
    stale = 0 if week.school else len(common.stale_schools(week.reader))
    said = certainty(total, stale, week.text)
    return said if week.school else f"{said} {where_lost(week.request)}".strip()


def _do(week: Week) -> str:
    if not week.measures:
        return ""
    text, first = week.text, week.measures[0]
    return text(
        "school.do" if week.school else "overview.do",
        lessons=text.counted("lesson", first["lessons"]),
        group=first["group_name"],
        school=week.request.short_name(first["school_id"]),
        students=text.counted("student", first["lifted"]),
    )


def _figures(week: Week, total: Row) -> list[Figure]:
    text = week.text
    limit = week.absence
    share = total["share_needing"]
    told = text("digest.of", share=text.share(share), students=text.counted("student", total["students"]))
    missing = total["share_missing"]
    return [
        Figure(
            text("column.needing"),
            text.number(total["students_needing"]),
            told if isinstance(share, float) else text.counted("student", total["students"]),
        ),
        Figure(
            text("column.missing"),
            text.hours(total["missing"]),
            text("digest.of_required", share=text.share(missing))
            if isinstance(missing, float)
            else text("column.student_hours").lower(),
        ),
        Figure(text("key.assumed"), text.share(total["share_assumed"]), text("key.assumed_note")),
        Figure(
            text("absence.due_key"), text.number(limit["due"] if limit else None), text("absence.due_note")
        ),
    ]


def _bar(total: Row, text: Text) -> list[Segment]:
    """As on the page: statuses that may not be shown apart are one part, and what is left has no word."""
    whole = total["students"]
    if isinstance(whole, Hidden):
        return []
    parts: list[Segment] = []
    for name, n in status_parts(total):
        status, _, mixed = name.partition(" ")
        words = text(f"digest.mixed_{status}") if mixed else text(f"status.{status}")
        parts.append(Segment(status, SIGNS[status], words, text.number(n), n / whole))
    rest = whole - sum(n for _, n in status_parts(total))
    if rest > 0:
        parts.append(Segment("suppressed", "••", text("digest.not_shown"), text.number(rest), rest / whole))
    return parts


def _foot(text: Text, published: Publication, school: str | None) -> list[Any]:
    built = text(
        "shell.built",
        day=text.day(published.as_of),
        moment=text.moment(published.built_at),
        build=published.build_id,
    )
    return [
        text("digest.no_names"),
        text("digest.school_small") if school else text("digest.county_small"),
        built,
    ]
