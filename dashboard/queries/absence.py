"""The absence limit: how many students are over it, near it, and not yet warned."""

from typing import Any

from dashboard.access.measures import Measures
from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden, Reason

PERIODS = ("year", "autumn", "spring")
IN_PERIOD = """school_year = $year and period = $period and limit_percent is not null
    and ($subject is null or subject_code = $subject)"""
OF_SUBJECT = "school_year = $year and period = $period and subject_code = $subject"
ALL_SUBJECTS = "*"

MEASURES = Measures(
    parts={
        "over_unwarned": "sum(students_over_unwarned)::bigint",
        "over_warned": "sum(students_over - students_over_unwarned)::bigint",
        "near": "sum(students_reached - students_over)::bigint",
        "clear": "sum(students - students_reached)::bigint",
    },
    counts={"over": "sum(students_over)::bigint", "due": "sum(students_warning_due)::bigint"},
    subtotals={"over": ("over_unwarned", "over_warned")},
    ratios={"share_over": ("over", "students"), "share_near": ("near", "students")},
    facts={"limit_percent": "max(limit_percent)", "comparable": "bool_and(is_comparable)"},
)
"""A student counts once, by the worst subject. One set for all tables: what is hidden follows from it."""


def total(reader: Reader, year: str, period: str, subject: str | None) -> Row | None:
    rows = reader.aggregate(
        "school_absence_limit", MEASURES, where=OF_SUBJECT, **_bound(year, period, subject or ALL_SUBJECTS)
    )
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
        "school_absence_limit",
        MEASURES,
        group=["county_number", "school_id"],
        where=OF_SUBJECT,
        order="school_id",
        largest=["share_over"],
        **_bound(year, period, subject or ALL_SUBJECTS),
    )


def by_subject(reader: Reader, year: str, period: str) -> list[Row]:
    """Subjects by students over the limit; where it may not be shown, last, and not by what is hidden."""
    return reader.aggregate(
        "school_absence_limit",
        MEASURES,
        group=["subject_code"],
        where="school_year = $year and period = $period and subject_code <> $all",
        order="subject_code",
        largest=["over", "near"],
        year=year,
        period=period,
        all=ALL_SUBJECTS,
    )


def by_period(reader: Reader, year: str) -> list[Row]:
    return reader.aggregate(
        "school_absence_limit",
        MEASURES,
        group=["period"],
        where="school_year = $year and subject_code = $all",
        order="period",
        year=year,
        all=ALL_SUBJECTS,
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
           percent / 100 as share, status, warned_on, warning_due""",
        "absence_limit",
        where=asked,
        order=f"percent desc, student_key, subject_code limit {int(limit)}",
        **bound,
    )
    names = subject_names(reader)
    return [{**row, "subject_name": names.get(row["subject_code"]), **counted[0]} for row in rows]


def subject_names(reader: Reader) -> dict[str, str]:
    return {row["subject_code"]: str(row["name"]) for row in reader.reference("subject")}


def _bound(year: str, period: str, subject: str | None) -> dict[str, Any]:
    return {"year": year, "period": period, "subject": subject}
