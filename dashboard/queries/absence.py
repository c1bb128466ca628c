"""The absence limit: how many students are over it, near it, and not yet warned."""

from typing import Any

from dashboard.access.measures import Measures
from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden, Reason

PERIODS = ("year", "autumn", "spring")
IN_PERIOD = """school_year = $year and period = $period and limit_percent is not null
    and ($subject is null or subject_code = $subject)"""

OVER = "count(distinct student_key) filter (status = 'over')"
REACHED = "count(distinct student_key) filter (status in ('over', 'warn'))"
STUDENTS = "count(distinct student_key)"

UNWARNED = "count(distinct student_key) filter (warning_due and status = 'over')"

MEASURES = Measures(
    students=STUDENTS,
    parts={
        "over_unwarned": UNWARNED,
        "over_warned": f"({OVER} - {UNWARNED})",
        "near": f"({REACHED} - {OVER})",
        "clear": f"({STUDENTS} - {REACHED})",
    },
    counts={"over": OVER, "due": "count(distinct student_key) filter (warning_due)"},
    subtotals={"over": ("over_unwarned", "over_warned")},
    ratios={"share_over": ("over", "students"), "share_near": ("near", "students")},
    facts={"limit_percent": "max(limit_percent)", "comparable": "bool_and(is_comparable)"},
)
"""A student counts once, by the worst subject. One set for all tables: what is hidden follows from it."""


def total(reader: Reader, year: str, period: str, subject: str | None) -> Row | None:
    rows = reader.aggregate("absence_limit", MEASURES, where=IN_PERIOD, **_bound(year, period, subject))
    if not rows:
        return None
    due, unwarned = rows[0]["due"], rows[0]["over_unwarned"]
    if isinstance(due, int) and isinstance(unwarned, int) and 0 < due - unwarned < reader.threshold:
        # The two together would tell how few are near the limit and not warned.
        rows[0]["over_unwarned"] = Hidden(Reason.FEW, reader.threshold)
    return rows[0]


def by_school(reader: Reader, year: str, period: str, subject: str | None) -> list[Row]:
    """Schools by share over the limit; where it may not be shown, last, and not by what is hidden."""
    return reader.aggregate(
        "absence_limit",
        MEASURES,
        group=["county_number", "school_id"],
        where=IN_PERIOD,
        order="school_id",
        largest=["share_over"],
        **_bound(year, period, subject),
    )


def by_subject(reader: Reader, year: str, period: str) -> list[Row]:
    """Subjects by students over the limit; where it may not be shown, last, and not by what is hidden."""
    return reader.aggregate(
        "absence_limit",
        MEASURES,
        group=["subject_code"],
        where=IN_PERIOD,
        order="subject_code",
        largest=["over", "near"],
        **_bound(year, period, None),
    )


def by_period(reader: Reader, year: str) -> list[Row]:
    return reader.aggregate(
        "absence_limit",
        MEASURES,
        group=["period"],
        where="school_year = $year and limit_percent is not null",
        order="period",
        year=year,
    )


def rule(reader: Reader, year: str, period: str) -> tuple[float | None, bool]:
    """The limit in percent that holds the school year, and whether its figures compare with other years'."""
    row = total(reader, year, period, None)
    if row is None:
        return None, True
    return float(row["limit_percent"]), bool(row["comparable"])


LEVELS = {
    "over": "status = 'over'",
    "near": "status = 'warn'",
    "due": "warning_due",
    "over_unwarned": "warning_due and status = 'over'",
}
"""What a list of students can be narrowed to: the counts the page opens with."""


def students(
    reader: Reader, year: str, period: str, subject: str | None, limit: int, *, level: str | None = None
) -> list[Row]:
    """Each student and subject at or over the warning percentage, highest first.

    How many there are in all is asked apart: counted row by row it would cost more than all the rest.
    """
    asked = f"{IN_PERIOD} and status <> 'clear' and {LEVELS[level] if level else 'true'}"
    bound = _bound(year, period, subject)
    counted = reader.students(
        "count(*) as found, count(*) filter (warning_due) as found_due",
        "absence_limit",
        where=asked,
        order="found",
        **bound,
    )
    rows = reader.students(
        """school_id, student_key, subject_code, counted_minutes as counted, subject_minutes as hours,
           percent / 100 as share, status, warned_on, warning_due,
           (select name from marts.subject where subject.subject_code = rows.subject_code) as subject_name""",
        "absence_limit",
        where=asked,
        order=f"percent desc, student_key, subject_code limit {int(limit)}",
        **bound,
    )
    return [{**row, **counted[0]} for row in rows]


def subject_names(reader: Reader) -> dict[str, str]:
    return {row["subject_code"]: str(row["name"]) for row in reader.reference("subject")}


def _bound(year: str, period: str, subject: str | None) -> dict[str, Any]:
    return {"year": year, "period": period, "subject": subject}
