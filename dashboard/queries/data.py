"""What was delivered, what became of every row, what is wrong with it, and whether others count the same."""

from typing import Any

from dashboard.access.measures import Measures, Sum
from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden
from dashboard.queries.common import SEVERITIES

ROWS = ("landed", "unchanged", "superseded", "quarantined")
CAUSES = (
    "none",
    "rounding",
    "extract_dates",
    "half_year_boundary",
    "cancelled_counted",
    "cancelled_counted_in_part",
    "diverted_counted",
    "unregistered_lessons",
    "membership_dates",
    "shares",
    "absence_registrations",
    "subject_not_due",
    "unexplained",
)
ALL_CAUSES = "*"
AGREEING = ("none", "rounding")
COUNTED = {f"rows_{name}": f"sum(rows_{name})::bigint" for name in ("read", *ROWS)}


def batches(reader: Reader) -> list[Row]:
    """Deliveries, the newest first, each with what became of its rows."""
    files = {
        row["batch_id"]: row
        for row in reader.lessons("batch_file", COUNTED, group=["batch_id"], order="batch_id")
    }
    found = reader.lessons(
        "batch",
        {
            "source": "any_value(source)",
            "county_number": "any_value(county_number)",
            "kind": "any_value(kind)",
            "extracted_at": "any_value(extracted_at)",
            "loaded_at": "any_value(loaded_at)",
            "outcome": "any_value(outcome)",
        },
        group=["batch_id"],
        order="any_value(extracted_at) desc, any_value(loaded_at) desc, batch_id",
    )
    nothing: Row = dict.fromkeys(COUNTED, 0)
    return [{**row, **files.get(row["batch_id"], nothing)} for row in found]


def files(reader: Reader) -> list[Row]:
    """Each file and table of every delivery: rows read, and where they went."""
    return reader.lessons(
        "batch_file",
        COUNTED,
        group=["batch_id", "source_file", "table_name"],
        order="batch_id desc, source_file, table_name",
    )


def quarantine(reader: Reader) -> list[Row]:
    """Rows set aside and still waiting, by what they break."""
    return reader.lessons(
        "quarantine",
        {
            "rows": "count(*)::bigint",
            "waiting": "bool_and(is_orphan)",
            "since": "min(first_seen)",
            "example": "min_by(value, source_row)",
            "file": "min_by(source_file, source_row)",
            "source_row": "min(source_row)",
        },
        group=["rule", "table_name", "column_name"],
        where="resolved_at is null",
        order="rows desc, table_name, column_name, rule",
    )


def resolved(reader: Reader) -> int:
    """Rows that landed after all, once what they pointed at had come."""
    rows = reader.lessons("quarantine", {"rows": "count(*)::bigint"}, where="resolved_at is not null")
    return int(rows[0]["rows"])


def checks(reader: Reader) -> list[Row]:
    """Findings by check, the gravest first."""
    return reader.lessons(
        "data_quality",
        {
            "rows": "sum(rows)::bigint",
            "schools": "count(distinct school_id) filter (school_id <> '*')",
            "since": "min(first_seen)",
        },
        group=["check_code", "severity"],
        where="check_code not in ('requirement_unknown', 'quarantined_rows', 'orphans')",
        order=f"list_position({list(SEVERITIES)}, severity), rows desc, check_code",
    )


def unknown_requirements(reader: Reader) -> list[Row]:
    """Subjects nothing can be said about, because no curriculum row gives their hours."""
    return reader.lessons(
        "data_quality",
        {"schools": "count(distinct school_id)", "since": "min(first_seen)"},
        group=["detail"],
        where="check_code = 'requirement_unknown'",
        order="schools desc, detail",
    )


def agreement(reader: Reader, year: str, group: list[str]) -> list[Row]:
    """Subject totals by probable cause of the difference; the causes of a row are hidden together where one
    would give another away."""
    students = {f"n_{cause}": _of(cause, "students") for cause in CAUSES}
    rows = reader.aggregate(
        "school_reconciliation",
        Measures(
            students=" + ".join(students.values()),
            parts=students,
            counts={"people": _of(ALL_CAUSES, "students")},
            sums={
                **{cause: Sum(_of(cause, "totals"), f"n_{cause}") for cause in CAUSES},
                "compared": Sum(_of(ALL_CAUSES, "totals"), "people"),
            },
            sum_totals={"compared": CAUSES},
            ratios={"share_unexplained": ("unexplained", "compared")},
        ),
        group=group,
        where="school_year = $year and period = 'year'",
        order=", ".join(group),
        adds_up_within=None if group in ([], ["school_id"]) else [],
        year=year,
    )
    for row in rows:
        parts = [row[name] for name in (*AGREEING, "compared")]
        hidden = next((part for part in parts if isinstance(part, Hidden)), None)
        row["agree"] = hidden or sum(parts[:-1])
        row["share_agree"] = hidden or row["agree"] / row["compared"]
    return rows


def differences(reader: Reader, year: str) -> dict[str, Any]:
    """The typical size of the difference in teaching minutes for each cause."""
    rows = reader.aggregate(
        "reconciliation",
        Measures(
            students="count(distinct student_key)",
            sums={"size": Sum("median(abs(teaching_difference_minutes))::double")},
        ),
        group=["probable_cause"],
        where="school_year = $year and period = 'year'",
        year=year,
    )
    return {row["probable_cause"]: row["size"] for row in rows}


def students_differing(reader: Reader, year: str, limit: int) -> list[Row]:
    """Each student and subject where the two disagree beyond rounding, largest difference first."""
    return reader.students(
        """school_id, student_key, subject_code, ours_teaching_minutes as ours,
           theirs_teaching_minutes as theirs, teaching_difference_minutes as difference,
           ours_absence_minutes as ours_absence, theirs_absence_minutes as theirs_absence, probable_cause,
           (select name from marts.subject where subject.subject_code = rows.subject_code) as subject_name,
           count(*) over () as found""",
        "reconciliation",
        where="school_year = $year and period = 'year' and probable_cause not in ('none', 'rounding')",
        order=f"abs(teaching_difference_minutes) desc, student_key, subject_code limit {int(limit)}",
        year=year,
    )


def backtest(reader: Reader, year: str) -> list[Row]:
    """How far forecasts made at earlier month-ends missed, beside expecting no further loss."""
    return reader.lessons(
        "forecast_backtest",
        {
            "horizon": "any_value(horizon_weeks)",
            "groups": "sum(group_subjects)::bigint",
            "actual": "sum(actual_lost_minutes * group_subjects) / sum(group_subjects)",
            "ours": "sum(mae_ours * group_subjects) / sum(group_subjects)",
            "no_loss": "sum(mae_no_loss * group_subjects) / sum(group_subjects)",
            "group_rate": "sum(mae_group_rate * group_subjects) / sum(group_subjects)",
            "rmse_ours": "sum(rmse_ours * group_subjects) / sum(group_subjects)",
            "rmse_no_loss": "sum(rmse_no_loss * group_subjects) / sum(group_subjects)",
        },
        group=["cutoff_date"],
        where="school_year = $year and horizon_weeks > 0",
        order="cutoff_date",
        year=year,
    )


def _of(cause: str, counted: str) -> str:
    return f"coalesce(sum({counted}) filter (probable_cause = '{cause}'), 0)::bigint"
