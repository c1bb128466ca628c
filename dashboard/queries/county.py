"""One county: its schools, why hours are lost, and when."""

from dashboard.access.scope import Reader, Row
from dashboard.queries.common import FULL_MEASURES


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
