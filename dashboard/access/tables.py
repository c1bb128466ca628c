"""Which published tables there are for whom, and which of their columns are about students."""

from collections.abc import Mapping

REFERENCE = frozenset(
    {"publication", "closed_year", "county", "school", "subject", "programme_area", "curriculum_rule_used"}
)
OF_A_DELIVERY = frozenset({"batch", "batch_file", "quarantine", "forecast_backtest"})
"""Tables about a county's deliveries as a whole: everybody in the county sees them."""
OF_ALL_COUNTIES = frozenset(
    {"acceptance", "attribution", "attribution_summary", "standardisation", "work_process"}
)
"""What the counties have in common: the supplier's releases, the register of work, comparisons of schools."""
OF_THE_PROJECT = frozenset(
    {
        "adoption",
        "milestone",
        "training",
        "support",
        "support_age",
        "role",
        "integration",
        "migration",
        "position_plan",
        "rollout_school",
        "benefit",
        "benefit_total",
        "benefit_plan",
        "measurement_due",
        "process_volume",
        "work_process_time",
        "sampling_plan",
        "measuring_cost",
        "training_effect",
    }
)
"""Rollout and benefits, without a student: for those who answer for the county as a whole."""
BY_SUBJECT = frozenset(
    {
        "student_subject_coverage",
        "student_subject_detail",
        "student_absence",
        "student_change",
        "student_correction",
        "absence_limit",
        "student_what_if",
    }
)
"""Of these a teacher sees the rows of the subjects taught in the own groups."""
LESSON_FIGURES: Mapping[str, frozenset[str]] = {
    "school_subject_week": frozenset({"student_lost_minutes"}),
    "group_week": frozenset({"members"}),
    "school_day_loss": frozenset(),
    "loss_concentration": frozenset(),
    "data_quality": frozenset({"example"}),
    "batch": frozenset(),
    "batch_file": frozenset(),
    "quarantine": frozenset(),
    "forecast_backtest": frozenset(),
    **dict.fromkeys(OF_THE_PROJECT | OF_ALL_COUNTIES, frozenset[str]()),
}
"""Tables about lessons and data, not students, each with the columns that are about students after all."""

LINE_OF_COUNTIES = """
    with recursive line(county_number) as (
        select $scope_county::varchar
        union
        select county.county_number
        from marts.county
        join line
          on list_contains(string_split(coalesce(county.successor_numbers, ''), ';'), line.county_number)
    )
    select county_number from line order by 1"""
"""A county and those merged into it: a merged county sees its predecessors' history."""
