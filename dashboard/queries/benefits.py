"""Benefits: what was promised, what has come and how that is known; never planned and realised in one sum.

The marts hold hours, the pages take minutes and say hours, as everywhere else.
"""

from dataclasses import dataclass

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader, Row
from dashboard.queries import common

ALL = "*"
STATES = ("realised", "estimated", "planned")
KINDS = ("removed", "changed", "new")
WHOLE_MONTH = "month + interval 1 month <= (select as_of_date + 1 from marts.publication)"
"""Months that were over on the as-of date: a part of one cannot be held against what was promised for it."""


@dataclass(frozen=True)
class Whose:
    """The benefits of one county, read as its director would, or of all counties together."""

    reader: Reader
    county: str

    @property
    def together(self) -> bool:
        return self.county == ALL


def whose(reader: Reader, chosen: str) -> Whose:
    """The own county's; for the project owner all counties', or those of the one chosen."""
    viewer = reader.viewer
    if viewer.role is not Role.OWNER:
        return Whose(reader, str(viewer.county_number))
    counties = measuring_counties(reader)
    if chosen not in counties:
        if len(counties) != 1:
            return Whose(reader, ALL)
        (chosen,) = counties
    return Whose(reader.seen_by(Viewer(Role.DIRECTOR, viewer.subject, chosen)), chosen)


def measuring_counties(reader: Reader) -> list[str]:
    rows = reader.lessons(
        "benefit_total", {}, group=["county_number"], where=f"county_number <> '{ALL}'", order="county_number"
    )
    return [row["county_number"] for row in rows]


def names(reader: Reader, county: str) -> str:
    return str(common.counties(reader).get(county, {}).get("name", county))


def so_far(of: Whose, sum_by: str) -> list[Row]:
    """Hours from the first month to the last counted one, by key and by how they are known."""
    return of.reader.lessons(
        "benefit_total",
        {
            "hours": "60 * arg_max_null(hours_so_far, month)",
            "low": "60 * arg_max_null(low_so_far, month)",
            "high": "60 * arg_max_null(high_so_far, month)",
            "cases": "arg_max_null(cases_so_far, month)",
            "until": "max(month)",
        },
        group=["sum_key", "state"],
        where=f"sum_by = $sum_by and county_number = $county and {WHOLE_MONTH}",
        order="hours desc nulls last, sum_key, state",
        sum_by=sum_by,
        county=of.county,
    )


def by_county(reader: Reader) -> list[Row]:
    """The counties side by side."""
    return reader.lessons(
        "benefit_total",
        {
            "hours": "60 * arg_max_null(hours_so_far, month)",
            "low": "60 * arg_max_null(low_so_far, month)",
            "high": "60 * arg_max_null(high_so_far, month)",
        },
        group=["county_number", "state"],
        where=f"sum_by = 'all' and county_number <> '{ALL}' and {WHOLE_MONTH}",
        order="hours desc nulls last, county_number, state",
    )


def curve(of: Whose) -> list[Row]:
    """Cumulative hours month by month, by how they are known."""
    return of.reader.lessons(
        "benefit_total",
        {
            "hours": "60 * hours_so_far",
            "low": "60 * low_so_far",
            "high": "60 * high_so_far",
        },
        group=["month", "state"],
        where=f"sum_by = 'all' and county_number = $county and {WHOLE_MONTH}",
        order="month, state",
        grouped=False,
        county=of.county,
    )


def promised(of: Whose) -> list[Row]:
    """What the plan says month by month and so far, later months included."""
    return of.reader.lessons(
        "benefit_plan",
        {
            "planned": "60 * sum(planned_hours)",
            "planned_so_far": "60 * sum(sum(planned_hours)) over (order by month rows unbounded preceding)",
        },
        group=["month"],
        order="month",
    )


def promised_by_process(of: Whose, until: object) -> dict[str, float]:
    rows = of.reader.lessons(
        "benefit_plan",
        {"planned": "60 * sum(planned_hours)"},
        group=["process_code"],
        where="month <= $until",
        until=until,
    )
    return {row["process_code"]: row["planned"] for row in rows}


def processes(reader: Reader) -> dict[str, Row]:
    """The register of work, by code."""
    columns = ("name", "name_en", "role", "change_kind", "unit", "owner", "volume_source")
    rows = reader.lessons(
        "work_process", {name: name for name in columns}, group=["process_code"], grouped=False
    )
    return {row["process_code"]: row for row in rows}


def minutes(of: Whose) -> dict[str, dict[str, Row]]:
    """Minutes per case of a county before and after, by process and phase; none for counties together."""
    if of.together:
        return {}
    rows = of.reader.lessons(
        "work_process_time",
        {name: name for name in ("minutes_per_case", "low", "high", "samples")},
        group=["process_code", "phase"],
        where=f"school_id = '{ALL}' and county_number = $county",
        grouped=False,
        county=of.county,
    )
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row["process_code"], {})[row["phase"]] = row
    return found


def verdicts(reader: Reader) -> list[Row]:
    """What can be said of how much is the system's; controls last."""
    columns = (
        "is_control", "verdict", "estimate", "low", "high", "raw_change", "detectable", "pre_trend_p",
        "schools", "cohorts", "cohorts_estimated", "cohorts_with_competing_events", "cohorts_are_counties",
        "schools_with_gaps", "schools_adopted_before", "schools_in_small_cohorts", "controls_tried",
        "controls_moved",
    )  # fmt: skip
    return reader.lessons(
        "attribution_summary",
        {name: name for name in columns},
        group=["indicator"],
        order="is_control, estimate is null, indicator",
        grouped=False,
    )


def event_study(reader: Reader, indicator: str) -> list[Row]:
    columns = ("estimate", "low", "high", "band_low", "band_high", "cohorts", "competing_events")
    return reader.lessons(
        "attribution",
        {name: name for name in columns},
        group=["event_time"],
        where="indicator = $indicator",
        order="event_time",
        grouped=False,
        indicator=indicator,
    )


def positions(of: Whose) -> list[Row]:
    """Hours of positions by role in each school's last year before the system and its last with it.

    The same schools on both sides: those that have both.
    """
    kinds = ("teaching", "pedagogical", "administrative")
    return of.reader.lessons(
        "position_plan",
        {
            "schools": "count(distinct school_id)",
            "positions": "sum(positions)::bigint",
            **{f"{kind}_each": f"60 * sum({kind}_hours) / nullif(sum(positions), 0)" for kind in kinds},
            **{f"{kind}_fte": f"sum({kind}_hours / full_time_hours)" for kind in kinds},
        },
        group=["role", "plan", "is_after_adoption"],
        where="""(school_id, plan, role, is_after_adoption, school_year) in (
                   select (school_id, plan, role, is_after_adoption, max(school_year))
                   from marts.position_plan group by school_id, plan, role, is_after_adoption)
                 and (school_id, plan, role) in (
                   select (school_id, plan, role) from marts.position_plan
                   group by school_id, plan, role having count(distinct is_after_adoption) = 2)""",
        order="role, plan, is_after_adoption",
    )


def due(of: Whose) -> list[Row]:
    """Measurements, the most overdue first."""
    columns = ("owner", "last_baseline_on", "last_follow_up_on", "due_phase", "due_on", "days_overdue")
    return of.reader.lessons(
        "measurement_due",
        {name: name for name in columns},
        group=["county_number", "process_code"],
        where="due_on is not null",
        order="days_overdue desc, due_on, county_number, process_code",
        grouped=False,
    )


def volumes(of: Whose) -> list[Row]:
    """Where cases are counted from, and what both say where both count."""
    both = "filter (difference is not null)"
    return of.reader.lessons(
        "process_volume",
        {
            "cases": "sum(cases)::bigint",
            "from_extract": "coalesce(sum(cases) filter (counted_from = 'extract'), 0)::bigint",
            "from_sheet": "coalesce(sum(cases) filter (counted_from = 'sheet'), 0)::bigint",
            "extract_both": f"sum(extract_cases) {both}::bigint",
            "sheet_both": f"sum(sheet_cases) {both}::bigint",
            "difference": "sum(difference)::bigint",
        },
        group=["process_code"],
        order="abs(sum(rows.difference)) desc nulls last, process_code",
    )


def costs(of: Whose) -> list[Row]:
    """What measuring took and would take beside what it found; the sum of all work first."""
    columns = ("samples_given", "cases_given", "samples_planned", "yearly_cases", "cost_share", "verdict")
    hours = {"given": "hours_given", "hours_planned": "hours_planned", "saved": "saved_hours"}
    hours |= {name: name for name in ("low", "high", "width_planned", "hours_to_know")}
    return of.reader.lessons(
        "measuring_cost",
        {name: name for name in columns} | {name: f"60 * {column}" for name, column in hours.items()},
        group=["county_number", "process_code"],
        order=f"process_code <> '{ALL}', hours_given + hours_planned desc, county_number, process_code",
        grouped=False,
    )


def next_samples(of: Whose) -> list[Row]:
    columns = (
        "school_id", "role", "phase", "cases", "minutes", "minutes_so_far", "county_width_share",
    )  # fmt: skip
    return of.reader.lessons(
        "sampling_plan",
        {name: name for name in columns} | {"narrowed": "60 * hours_narrowed", "width": "60 * county_width"},
        group=["county_number", "sample_order", "process_code"],
        order="sample_order, county_number",
        grouped=False,
    )


def likeness(reader: Reader) -> list[Row]:
    """How alike counties and schools work, process by process, the newest year first."""
    columns = (
        "counties", "schools", "schools_adopted", "samples", "minutes_per_case", "county_spread",
        "county_spread_low", "county_spread_high", "school_spread", "school_spread_low",
        "school_spread_high", "common_share",
    )  # fmt: skip
    return reader.lessons(
        "standardisation",
        {name: name for name in columns},
        group=["process_code", "school_year"],
        order="school_year desc, process_code",
        grouped=False,
    )
