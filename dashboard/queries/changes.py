"""What has changed since an earlier publication, or against a closed year, and why."""

from datetime import date
from typing import Any

from dashboard.access.measures import Measures, Sum
from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden

CAUSES = (
    "student_came",
    "student_left",
    "subject_added",
    "subject_dropped",
    "decision",
    "requirement_changed",
    "membership_changed",
    "lessons_added",
    "lessons_removed",
    "late_registration",
    "absence_registered_later",
    "cancelled",
    "diverted",
    "made_up",
    "time_passed",
    "forecast_changed",
    "absent",
    "not_kept",
)
FIGURES = ("missing", "offered", "attended")
NEEDS = "('not_assigned', 'short', 'at_risk')"
LISTED = 50

_MOVED = Measures(
    students="round(sum(heads))::bigint",
    # The table repeats the students of a school and figure in the row of each cause.
    derived={"heads": "students_changed / count(*) over (partition by school_id, figure)"},
    counts={f"n_{c}": f"coalesce(sum(students) filter (cause = '{c}'), 0)::bigint" for c in CAUSES},
    sums={
        **{c: Sum(f"coalesce(sum(minutes) filter (cause = '{c}'), 0)::bigint", f"n_{c}") for c in CAUSES},
        "moved": Sum("sum(minutes)::bigint"),
    },
    sum_totals={"moved": CAUSES},
)
_TURNED = "coalesce(sum(students) filter (status_to {now} {needs} and status_from {then} {needs}), 0)::bigint"
_STANDING = Measures(
    counts={
        "worse": _TURNED.format(now="in", then="not in", needs=NEEDS),
        "better": _TURNED.format(now="not in", then="in", needs=NEEDS),
    }
)


def since_dates(reader: Reader, year: str) -> list[date]:
    """The publications that can be compared with, the earliest first."""
    rows = reader.aggregate(
        "change_since",
        Measures(),
        group=["from_date"],
        where="school_year = $year",
        order="from_date",
        year=year,
    )
    return [row["from_date"] for row in rows]


def moved(reader: Reader, year: str, since: date) -> dict[str, Row | None]:
    """Each figure's change and its causes, in scope as one row; nothing where nothing moved."""
    rows = reader.aggregate(
        "coverage_change",
        _MOVED,
        group=["figure"],
        where="school_year = $year and from_date = $since",
        order="figure",
        year=year,
        since=since,
    )
    return _by_figure(rows)


def _by_figure(rows: list[Row]) -> dict[str, Row | None]:
    return {**dict.fromkeys(FIGURES), **{row["figure"]: row for row in rows}}


def moved_by_school(reader: Reader, year: str, since: date, figure: str) -> list[Row]:
    return reader.aggregate(
        "coverage_change",
        _MOVED,
        group=["county_number", "school_id"],
        where="school_year = $year and from_date = $since and figure = $figure",
        order="school_id",
        year=year,
        since=since,
        figure=figure,
    )


def standing(reader: Reader, year: str, since: date) -> Row | None:
    """How many students have come to need something done since, and how many need it no longer."""
    return _standing(
        reader, "change_since", "school_year = $year and from_date = $since", year=year, since=since
    )


def _standing(reader: Reader, table: str, where: str, **params: Any) -> Row | None:
    rows = reader.aggregate(table, _STANDING, where=where, **params)
    return _together(rows[0]) if rows else None


def standing_by_school(reader: Reader, year: str, since: date) -> list[Row]:
    where = "school_year = $year and from_date = $since"
    return _standings(reader, "change_since", where, year=year, since=since)


def _standings(reader: Reader, table: str, where: str, **params: Any) -> list[Row]:
    rows = reader.aggregate(
        table, _STANDING, group=["county_number", "school_id"], where=where, order="school_id", **params
    )
    return [{**row, **_together(row)} for row in rows]


def _together(row: Row) -> Row:
    """The two are hidden together: what both dates show is their difference."""
    hidden = next((row[name] for name in ("worse", "better") if isinstance(row[name], Hidden)), None)
    return {name: hidden or row[name] for name in ("worse", "better")}


def students(reader: Reader, year: str, since: date) -> list[Row]:
    """Students and subjects whose missing minutes moved most, with the cause that moved them most."""
    return reader.students(
        """school_id, student_key, subject_code, any_value(subject_name) as subject_name,
           sum(minutes)::bigint as moved, arg_max(cause, abs(minutes)) as cause""",
        "student_change",
        where="school_year = $year and from_date >= $since and figure = 'missing' "
        "group by school_id, student_key, subject_code",
        order=f"abs(moved) desc, student_key, subject_code limit {LISTED}",
        year=year,
        since=since,
    )


def closed(reader: Reader) -> list[Row]:
    """The closed school years, the newest first."""
    return reader.reference("closed_year", order="school_year desc")


def corrected(reader: Reader, year: str) -> dict[str, Row | None]:
    rows = reader.aggregate(
        "correction", _MOVED, group=["figure"], where="school_year = $year", order="figure", year=year
    )
    return _by_figure(rows)


def corrected_students(reader: Reader, year: str) -> list[Row]:
    """Students and subjects whose closed figures later data would move most, with the main cause."""
    return reader.students(
        """school_id, student_key, subject_code, any_value(subject_name) as subject_name,
           sum(minutes)::bigint as moved, arg_max(cause, abs(minutes)) as cause""",
        "student_correction",
        where="school_year = $year and figure = 'missing' group by school_id, student_key, subject_code",
        order=f"abs(moved) desc, student_key, subject_code limit {LISTED}",
        year=year,
    )


def corrected_by_school(reader: Reader, year: str, figure: str) -> list[Row]:
    return reader.aggregate(
        "correction",
        _MOVED,
        group=["county_number", "school_id"],
        where="school_year = $year and figure = $figure",
        order="school_id",
        year=year,
        figure=figure,
    )


def corrected_standing(reader: Reader, year: str) -> Row | None:
    return _standing(reader, "correction_status", "school_year = $year", year=year)


def corrected_standing_by_school(reader: Reader, year: str) -> list[Row]:
    return _standings(reader, "correction_status", "school_year = $year", year=year)


def largest(row: Row, *, rising: bool) -> list[tuple[str, int]]:
    """The causes that may be shown and moved the figure that way, the largest first."""
    shown: dict[str, Any] = {
        cause: row[cause] for cause in CAUSES if isinstance(row[cause], int) and row[cause]
    }
    causes = [(cause, n) for cause, n in shown.items() if (n > 0) is rising]
    return sorted(causes, key=lambda entry: -abs(entry[1]))
