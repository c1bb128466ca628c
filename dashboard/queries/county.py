"""One county: its schools, why hours are lost, and when."""

from typing import Any

from dashboard.access.scope import Reader, Row
from dashboard.queries.common import STATUS_MEASURES

FEW = 3
"""Schools a sentence names as holding most of what is lost."""


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


def by_school_and_week(reader: Reader, year: str, county: str) -> list[Row]:
    """Lesson minutes lost at each school, week by week; the schools with most first."""
    return reader.lessons(
        "school_subject_week",
        {
            "lost": "sum(lost_minutes)::bigint",
            "lost_in_all": "(sum(sum(lost_minutes)) over (partition by school_id))::bigint",
        },
        group=["school_id", "week_start", "iso_week"],
        where="school_year = $year and county_number = $county and week_start <= "
        "(select max(as_of_date) from marts.publication)",
        order="lost_in_all desc, school_id, week_start",
        year=year,
        county=county,
    )


def schools_of_subject(reader: Reader, year: str, county: str, subject: str) -> list[Row]:
    """Lesson minutes of one subject at each school; the schools that lost most first."""
    return reader.lessons(
        "school_subject_week",
        {
            "subject_name": "any_value(subject_name)",
            "scheduled": "sum(scheduled_minutes)::bigint",
            "lost": "sum(lost_minutes)::bigint",
            "share_lost": "sum(lost_minutes) / nullif(sum(scheduled_minutes), 0)",
            "made_up": "sum(made_up_minutes)::bigint",
        },
        group=["school_id"],
        where="school_year = $year and county_number = $county and subject_code = $subject"
        " and week_start <= (select max(as_of_date) from marts.publication)",
        order="lost desc, school_id",
        year=year,
        county=county,
        subject=subject,
    )


def concentrated(reader: Reader, year: str, where: str = "true", **params: Any) -> Row | None:
    """The subject with most lessons lost of those in which a few schools hold at least half."""
    rows = reader.lessons(
        "loss_concentration",
        {
            "subject_name": "subject_name",
            "lost": "lost_minutes",
            "held": "held_minutes",
            "school_ids": "school_ids",
        },
        group=["subject_code"],
        grouped=False,
        where=f"school_year = $year and schools_holding_half <= {FEW} and schools >= 2 * schools_holding_half"
        f" and {where}",
        order="lost_minutes desc, subject_code",
        year=year,
        **params,
    )
    return rows[0] if rows else None


def counties_side_by_side(reader: Reader) -> list[Row]:
    return reader.published(
        "school_coverage",
        STATUS_MEASURES,
        group=["school_year", "county_number"],
    )
