"""What several pages ask for: the publication, its years, the measures by status."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.access.measures import Measures, Sum
from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden, Reason

STATUSES = ("not_assigned", "short", "at_risk", "unknown", "on_track", "met", "exempt", "left")
WORRYING = ("not_assigned", "short", "at_risk", "unknown")
SEVERITIES = ("error", "warning", "info")
"""Of findings in the data, the gravest first."""
LOSSES = ("not_assigned", "not_scheduled", "cancelled", "outside_membership", "diverted")
KNOWN_THEN = """basis = 'known_then' and (school_id, as_of_date, built_at) in (
    select (school_id, as_of_date, max(built_at)) from marts.coverage_history
    where basis = 'known_then' group by school_id, as_of_date)"""
"""Of several builds for one date, the last; recomputed figures never mix with these."""

BY_STATUS = {f"students_{status}": f"sum(students_{status})::bigint" for status in STATUSES}
BEHIND = "sum(students_not_assigned + students_short)::bigint"
NEEDING = "sum(students_not_assigned + students_short + students_at_risk)::bigint"
MARGIN = (((1, "scheduled"), (-1, "outside_membership"), (1, "not_assigned")), "required")
"""How much more the timetable has than the students are entitled to, for those who have a group."""
FEW_MAY_BE_BEHIND = ("outside_membership", "diverted", "cancelled", "made_up", "not_scheduled")
"""Minutes that may be a few students' while the row is about many."""
SUBTOTALS = {
    "students_behind": ("students_not_assigned", "students_short"),
    "students_needing": ("students_behind", "students_at_risk"),
    "students_rest": ("students_on_track", "students_met", "students_exempt", "students_left"),
}
REST = "sum(students_on_track + students_met + students_exempt + students_left)::bigint"
SHORTFALL = {"students_behind": BEHIND, "students_needing": NEEDING, "students_rest": REST}
SHARES = {
    **{f"share_{status}": (f"students_{status}", "students") for status in STATUSES},
    "share_needing": ("students_needing", "students"),
}

STATUS_MEASURES = Measures(parts=BY_STATUS, counts=SHORTFALL, subtotals=SUBTOTALS, ratios=SHARES)


def minutes(*names: str, of: str | tuple[str, ...] = "students") -> dict[str, Sum]:
    return {name: Sum(f"sum({name}_minutes)::bigint", of) for name in names}


FULL_MEASURES = Measures(
    parts=BY_STATUS,
    counts=SHORTFALL,
    subtotals=SUBTOTALS,
    # A year closed before they were counted has all its students for them.
    bases={f"n_{n}": f"sum(coalesce(students_with_{n}, students))::bigint" for n in FEW_MAY_BE_BEHIND},
    sums={
        **minutes("required", "scheduled", "remaining", "offered", "assumed"),
        **{
            name: Sum(f"sum({name}_minutes)::bigint", ("students", f"n_{name}")) for name in FEW_MAY_BE_BEHIND
        },
        **minutes("not_assigned", of=("students", "students_not_assigned")),
        **minutes("missing", of=("students", "students_needing")),
        "supply": Sum("sum(scheduled_minutes + made_up_minutes)::bigint"),
    },
    sum_totals={"supply": ("outside_membership", "cancelled", "diverted", "remaining", "offered")},
    ratios={
        **SHARES,
        "share_assumed": ("assumed", "offered"),
        "share_missing": ("missing", "required"),
    },
    excesses={"margin": MARGIN},
)


@dataclass(frozen=True)
class Publication:
    as_of: date
    built_at: datetime
    build_id: str
    synthetic: bool


def publication(reader: Reader) -> Publication:
    row = reader.reference("publication")[0]
    return Publication(row["as_of_date"], row["built_at"], row["build_id"], row["synthetic"])


def school_years(reader: Reader) -> list[str]:
    """The school years with figures, the newest first."""
    rows = reader.aggregate("school_coverage", Measures(), group=["school_year"], order="school_year desc")
    return [row["school_year"] for row in rows]


def totals(reader: Reader, year: str, county: str | None = None) -> Row | None:
    """Everything in scope as one row, or one county of it; nothing where there are no students."""
    rows = reader.aggregate(
        "school_coverage", FULL_MEASURES, where="school_year = $year", county=county, year=year
    )
    return rows[0] if rows else None


def by_school(reader: Reader, year: str) -> list[Row]:
    """Schools by the share of students who need something done; where it may not be shown, last.

    Every figure of a school on any page comes from here.
    """
    rows = reader.aggregate(
        "school_coverage",
        FULL_MEASURES,
        group=["county_number", "school_id"],
        where="school_year = $year",
        order="school_id",
        year=year,
    )
    return sorted(map(_doubted, rows), key=_worst_first)


def _doubted(row: Row) -> Row:
    """Where nothing is known of most students, their share says more of the data than of the school."""
    unknown, students = row["students_unknown"], row["students"]
    if isinstance(unknown, int) and isinstance(students, int) and 2 * unknown > students:
        return {**row, "share_needing": Hidden(Reason.UNRELIABLE)}
    return row


def _worst_first(row: Row) -> tuple[bool, float, bool, float]:
    """By share of students; where that is hidden, after the others by hours missing; then the rest."""
    students, hours = row["share_needing"], row["share_missing"]
    by_students, by_hours = isinstance(students, float), isinstance(hours, float)
    return (not by_students, -students if by_students else 0.0, not by_hours, -hours if by_hours else 0.0)


def trend(reader: Reader, year: str, county: str | None = None) -> list[Row]:
    """Students by worst status for each date a build was made as of, as it was known then."""
    return reader.aggregate(
        "coverage_history",
        STATUS_MEASURES,
        group=["as_of_date"],
        where=f"{KNOWN_THEN} and school_year = $year",
        order="as_of_date",
        county=county,
        year=year,
    )


def trend_by_school(reader: Reader, year: str) -> dict[str, list[Row]]:
    """The same for each school."""
    rows = reader.aggregate(
        "coverage_history",
        STATUS_MEASURES,
        group=["county_number", "school_id", "as_of_date"],
        where=f"{KNOWN_THEN} and school_year = $year",
        order="school_id, as_of_date",
        year=year,
    )
    lines: dict[str, list[Row]] = {}
    for row in rows:
        lines.setdefault(row["school_id"], []).append(row)
    return lines


def schools(reader: Reader) -> dict[str, Row]:
    return {row["school_id"]: row for row in reader.reference("school", order="name")}


def counties(reader: Reader) -> dict[str, Row]:
    return {row["county_number"]: row for row in reader.reference("county", order="name")}


def recovery(reader: Reader, year: str, limit: int | None, school: str | None = None) -> list[Row]:
    """What helps most: groups by the student minutes each added lesson recovers."""
    rows = reader.aggregate(
        "recovery",
        Measures(
            students="any_value(students_missing)",
            counts={"lifted": "any_value(students_lifted)"},
            sums={"recovered": Sum("any_value(student_minutes_recovered)", ("students", "lifted"))},
            facts={
                "group_name": "any_value(group_name)",
                "subject_name": "any_value(subject_name)",
                "lessons": "any_value(lessons_to_add)",
                "minutes": "any_value(minutes_to_add)",
                "lesson_minutes": "any_value(lesson_minutes)",
            },
        ),
        group=["school_id", "group_id", "subject_code"],
        where=f"school_year = $year and {'school_id = $school' if school else 'true'}",
        order="group_id, subject_code",
        adds_up_within=["school_id", "subject_code"],
        year=year,
        school=school,
    )
    return sorted(rows, key=_helps_most)[:limit]


def _helps_most(row: Row) -> tuple[bool, float]:
    """Those whose effect may not be shown come last: their place would tell it."""
    shown = isinstance(row["recovered"], int) and row["lessons"]
    return (not shown, -row["recovered"] / row["lessons"] if shown else 0.0)


def losses(reader: Reader, year: str, group: list[str], county: str | None = None) -> list[Row]:
    """Student minutes lost by cause.

    A student is in many rows of the table: one for each subject and cause. Of one school and programme area
    the row with most students stands for how many there are at least; those of different ones add up.
    """
    cell = ", ".join(dict.fromkeys(["school_id", "programme_area_code", *group]))
    heads = {
        "heads": f"max(students) over (partition by {cell}) / count(*) over (partition by {cell})",
        "heads_of_cause": f"max(students) over (partition by {cell}, cause)"
        f" / count(*) over (partition by {cell}, cause)",
    }
    of_cause = "coalesce(round(sum({}) filter (cause = '{}')), 0)::bigint"
    of_places = group == ["school_year"] or "school_id" in group
    rows = reader.aggregate(
        "loss_cause",
        Measures(
            students="round(sum(heads))::bigint",
            derived=heads,
            bases={f"n_{cause}": of_cause.format("heads_of_cause", cause) for cause in LOSSES},
            sums={
                **{c: Sum(of_cause.format("student_minutes", c), ("students", f"n_{c}")) for c in LOSSES},
                "lost": Sum("sum(student_minutes)::bigint"),
            },
            sum_totals={"lost": LOSSES},
        ),
        group=group,
        where="school_year = $year",
        order=", ".join(group),
        largest=["lost"],
        adds_up_within=None if of_places else [],
        county=county,
        year=year,
    )
    return rows


def stale_schools(reader: Reader) -> list[Row]:
    return reader.reference("school", where="is_stale", order="age_teaching_days desc, name")


def quality(reader: Reader, where: str = "true", **params: Any) -> list[Row]:
    return reader.lessons(
        "data_quality",
        {"findings": "sum(rows)::bigint", "since": "min(first_seen)", "schools": "count(distinct school_id)"},
        group=["check_code", "severity"],
        where=where,
        order=f"list_position({list(SEVERITIES)}, severity), findings desc",
        **params,
    )
