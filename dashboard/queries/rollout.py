"""How the rollout goes: by school against the plan, and by county where a county's systems are concerned."""

from dashboard.access.measures import Measures
from dashboard.access.roles import Role
from dashboard.access.scope import Reader, Row

WEEKS = 26
"""Weeks of support cases that are drawn."""


def adoption(reader: Reader) -> list[Row]:
    """Every school the plan concerns, with its milestones that are late."""
    return reader.lessons(
        "adoption",
        {
            "is_pilot": "is_pilot",
            "planned_on": "planned_on",
            "adopted_on": "adopted_on",
            "days_late": "days_late",
        },
        group=["county_number", "school_id"],
        where="planned_on is not null",
        order="county_number, school_id",
        grouped=False,
    )


def milestones(reader: Reader) -> list[Row]:
    """Milestone by county, day and state: what holds for all schools of a county is one row."""
    return reader.lessons(
        "milestone",
        {
            "schools": "count(*)",
            "school_id": "case when count(*) = 1 then any_value(school_id) end",
            "days_late": "max(days_late)",
        },
        group=["county_number", "milestone", "planned_on", "reached_on", "state"],
        order="state <> 'overdue', planned_on desc, milestone, county_number",
    )


def readiness(reader: Reader, year: str) -> list[Row]:
    """Groups with lessons and a teacher, and students with all their subjects, on the first school day."""
    return reader.aggregate(
        "readiness",
        Measures(
            students="sum(students)::bigint",
            parts={
                "ready": "sum(students_ready)::bigint",
                "not_ready": "sum(students - students_ready)::bigint",
            },
            ratios={"share_ready": ("ready", "students")},
            facts={
                "first_day": "min(first_day)",
                "groups": "sum(groups_on_first_day)::bigint",
                "share_lessons": "sum(groups_with_lessons) / nullif(sum(groups_on_first_day), 0)",
                "share_teacher": "sum(groups_with_teacher) / nullif(sum(groups_on_first_day), 0)",
            },
        ),
        group=["county_number", "school_id"],
        where="school_year = $year",
        order="share_teacher, school_id",
        year=year,
    )


def position_plans(reader: Reader, year: str) -> list[Row]:
    """Teachers' positions of a school year by school, planned and used; schools without any come first."""
    planned, used = ("filter (plan = 'planned')", "filter (plan = 'actual')")
    found = reader.lessons(
        "position_plan",
        {
            "positions": f"sum(positions) {planned}::bigint",
            "planned": f"60 * sum(teaching_hours) {planned}",
            "used": f"60 * sum(teaching_hours) {used}",
        },
        group=["school_id"],
        where="school_year = $year and role = 'teacher'",
        order="school_id",
        year=year,
    )
    by_school = {row["school_id"]: row for row in found}
    nothing: Row = {"positions": None, "planned": None, "used": None}
    rows = [
        {**nothing, **by_school.get(school, {}), "school_id": school}
        for school in sorted({*by_school, *(row["school_id"] for row in adoption(reader))})
    ]
    return sorted(rows, key=lambda row: row["planned"] is not None)


def training(reader: Reader) -> list[Row]:
    return reader.lessons(
        "training",
        {
            "trainings": "sum(trainings)::bigint",
            "completed": "sum(completed)::bigint",
            "share": "sum(completed) / sum(trainings)",
            "overdue": "sum(overdue)::bigint",
            "ratings": "sum(ratings)::bigint",
            "rating": "sum(rating_sum) / nullif(sum(ratings), 0)",
        },
        group=["format"],
        order="overdue desc, format",
    )


def support_weeks(reader: Reader) -> list[Row]:
    """Cases opened and closed, week by week, the last half-year of them."""
    rows = reader.lessons(
        "support",
        {"opened": "sum(opened)::bigint", "closed": "sum(closed)::bigint"},
        group=["week_start"],
        order="week_start desc",
    )
    return rows[:WEEKS][::-1]


def support_open(reader: Reader) -> list[Row]:
    return reader.lessons(
        "support_age",
        {
            "open_cases": "sum(open_cases)::bigint",
            **{
                band: f"coalesce(sum(open_cases) filter (age_band = '{band}'), 0)::bigint"
                for band in ("week", "month", "quarter", "longer")
            },
            "duplicates": "sum(duplicates)::bigint",
            "oldest_days": "max(oldest_days)",
        },
        group=["kind", "area"],
        order="open_cases desc, kind, area",
    )


def improvements(reader: Reader) -> list[Row]:
    """Proposals not answered yet, by what they are about."""
    return reader.lessons(
        "support_age",
        {
            "open_cases": "sum(open_cases)::bigint",
            "duplicates": "sum(duplicates)::bigint",
            "longer": "coalesce(sum(open_cases) filter (age_band = 'longer'), 0)::bigint",
            "oldest_days": "max(oldest_days)",
        },
        group=["area"],
        where="kind = 'improvement'",
        order="open_cases desc, area",
    )


def improvements_handled(reader: Reader) -> tuple[int, int]:
    """Proposals made, and those closed, since the first."""
    [row] = reader.lessons(
        "support",
        {"opened": "coalesce(sum(opened), 0)::bigint", "closed": "coalesce(sum(closed), 0)::bigint"},
        where="kind = 'improvement'",
    )
    return row["opened"], row["closed"]


def training_effect(reader: Reader) -> list[Row]:
    """What each format did to support cases: of all counties for who follows all, else of the own."""
    everywhere = reader.viewer.role is Role.OWNER
    columns = ("verdict", "change", "low", "high", "schools_trained", "schools_used", "schools_compared",
               "trainings", "cases_before", "cases_after", "cases_expected")  # fmt: skip
    return reader.lessons(
        "training_effect",
        {name: name for name in columns},
        group=["format"],
        where="(county_number = '*') = $everywhere",
        order="change is null, format",
        grouped=False,
        everywhere=everywhere,
    )


def roles(reader: Reader) -> list[Row]:
    return reader.lessons(
        "role",
        {
            "schools": "count(*)",
            "filled": "count(*) filter (is_filled)",
            "vacant": "count(*) filter (not is_filled)",
            "share": "count(*) filter (is_filled) / count(*)",
            "vacant_schools": "string_agg(school_id, '|' order by school_id) filter (not is_filled)",
        },
        group=["role"],
        order="vacant desc, role",
    )


def integrations(reader: Reader) -> list[Row]:
    return reader.lessons(
        "integration",
        {
            name: name
            for name in (
                "last_run_on",
                "last_outcome",
                "last_ok_on",
                "last_ok_records",
                "recent_runs",
                "recent_failures",
            )
        },
        group=["county_number", "integration"],
        order="recent_failures desc, county_number, integration",
        grouped=False,
    )


def migration(reader: Reader) -> list[Row]:
    return reader.lessons(
        "migration",
        {name: name for name in ("checked_on", "legacy_count", "new_count", "difference", "state")},
        group=["county_number", "object"],
        order="state <> 'unexplained', abs(difference) desc, county_number, object",
        grouped=False,
    )


def releases(reader: Reader) -> list[Row]:
    """The supplier's releases, newest first, with their acceptance tests."""
    return reader.lessons(
        "acceptance",
        {
            "accepted_on": "any_value(accepted_on)",
            "days": "max(days_to_acceptance)",
            **{name: f"sum({name})::bigint" for name in ("tests", "passed", "failed", "blocked", "not_run")},
        },
        group=["release", "supplier_date"],
        order="supplier_date desc nulls last, release",
    )


def pilots(reader: Reader) -> list[Row]:
    """Pilots beside the others: cases a school and month since the system came, and how those were solved."""
    return reader.lessons(
        "rollout_school",
        {
            "schools": "count(*)",
            "months": "sum(months_in_use)",
            "cases_per_month": "sum(support_cases) / nullif(sum(months_in_use), 0)",
            "errors_per_month": "sum(errors) / nullif(sum(months_in_use), 0)",
            "share_closed": "sum(closed_cases) / nullif(sum(support_cases), 0)",
            "share_trained": "sum(trained) / nullif(sum(trainings), 0)",
            "rating": "sum(rating_sum) / nullif(sum(ratings), 0)",
        },
        group=["is_pilot"],
        where="months_in_use > 0",
        order="is_pilot desc",
    )
