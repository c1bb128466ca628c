"""The absence limit: how many students are over it, near it, and not yet warned."""

from typing import Any

from dashboard.access.scope import Measures, Reader, Row

PERIODS = ("year", "autumn", "spring")
IN_PERIOD = """school_year = $year and period = $period and limit_percent is not null
    and ($subject is null or subject_code = $subject)"""

OVER = "count(distinct student_key) filter (status = 'over')"
REACHED = "count(distinct student_key) filter (status in ('over', 'warn'))"
STUDENTS = "count(distinct student_key)"

MEASURES = Measures(
    students=STUDENTS,
    parts={
        "over": OVER,
        "near": f"({REACHED} - {OVER})",
        "clear": f"({STUDENTS} - {REACHED})",
    },
    counts={
        "due": "count(distinct student_key) filter (warning_due)",
        "over_unwarned": "count(distinct student_key) filter (warning_due and status = 'over')",
    },
    ratios={"share_over": ("over", "students"), "share_near": ("near", "students")},
)
"""A student counts once, by the subject that is worst."""


def total(reader: Reader, year: str, period: str, subject: str | None) -> Row | None:
    rows = reader.aggregate("absence_limit", MEASURES, where=IN_PERIOD, **_bound(year, period, subject))
    return rows[0] if rows else None


def by_school(reader: Reader, year: str, period: str, subject: str | None) -> list[Row]:
    """Schools by share over the limit; where it may not be shown, last, and not by what is hidden."""
    rows = reader.aggregate(
        "absence_limit",
        MEASURES,
        group=["school_id"],
        where=IN_PERIOD,
        order="school_id",
        adds_up_within=[],
        **_bound(year, period, subject),
    )
    return sorted(rows, key=lambda row: -row["share_over"] if isinstance(row["share_over"], float) else 1)


def by_subject(reader: Reader, year: str, period: str) -> list[Row]:
    """Subjects by students over the limit; where it may not be shown, last, and not by what is hidden."""
    rows = reader.aggregate(
        "absence_limit",
        MEASURES,
        group=["subject_code"],
        where=IN_PERIOD,
        order="subject_code",
        **_bound(year, period, None),
    )
    return sorted(rows, key=_most_first)


def _most_first(row: Row) -> tuple[int, ...]:
    return tuple(-row[name] if isinstance(row[name], int) else 1 for name in ("over", "near"))


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
    rows = reader.aggregate(
        "absence_limit",
        Measures(
            students=STUDENTS,
            facts={"limit": "max(limit_percent)", "comparable": "bool_and(is_comparable)"},
        ),
        where="school_year = $year and period = $period",
        year=year,
        period=period,
    )
    if not rows or rows[0]["limit"] is None:
        return None, True
    return float(rows[0]["limit"]), bool(rows[0]["comparable"])


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
    """Each student and subject at or over the warning percentage, highest first."""
    return reader.students(
        """school_id, student_key, subject_code, counted_minutes as counted, subject_minutes as hours,
           percent / 100 as share, status, warned_on, warning_due,
           (select name from marts.subject where subject.subject_code = rows.subject_code) as subject_name,
           count(*) over () as found, count(*) filter (warning_due) over () as found_due""",
        "absence_limit",
        where=f"{IN_PERIOD} and status <> 'clear' and {LEVELS[level] if level else 'true'}",
        order=f"percent desc, student_key, subject_code limit {int(limit)}",
        **_bound(year, period, subject),
    )


def subject_names(reader: Reader) -> dict[str, str]:
    return {row["subject_code"]: str(row["name"]) for row in reader.reference("subject")}


def _bound(year: str, period: str, subject: str | None) -> dict[str, Any]:
    return {"year": year, "period": period, "subject": subject}
