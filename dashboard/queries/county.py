"""One county: its schools, why hours are lost, and when."""

from dashboard.access.scope import Measures, Reader, Row
from dashboard.queries.common import FULL_MEASURES, KNOWN_THEN, NEEDING


def sparklines(reader: Reader, year: str, county: str) -> dict[str, list[Row]]:
    """Each school's share needing hours or a group, by as-of date."""
    rows = reader.aggregate(
        "coverage_history",
        Measures(
            parts={
                "students_needing": NEEDING,
                "students_rest": f"(sum(students) - {NEEDING})::bigint",
            },
            ratios={"share": ("students_needing", "students")},
        ),
        group=["school_id", "as_of_date"],
        where=f"{KNOWN_THEN} and school_year = $year and county_number = $county",
        order="school_id, as_of_date",
        year=year,
        county=county,
    )
    lines: dict[str, list[Row]] = {}
    for row in rows:
        lines.setdefault(row["school_id"], []).append(row)
    return lines


def by_week(reader: Reader, year: str, county: str) -> list[Row]:
    """Lesson minutes lost and made up, week by week."""
    return reader.lessons(
        "school_subject_week",
        {
            "scheduled": "sum(scheduled_minutes)::bigint",
            "lost": "sum(lost_minutes)::bigint",
            "made_up": "sum(made_up_minutes)::bigint",
        },
        group=["week_start", "iso_week"],
        where="school_year = $year and county_number = $county and week_start <= "
        "(select max(as_of_date) from marts.publication)",
        order="week_start",
        year=year,
        county=county,
    )


def counties_side_by_side(reader: Reader) -> list[Row]:
    return reader.published(
        "school_coverage",
        FULL_MEASURES,
        group=["school_year", "county_number"],
    )
