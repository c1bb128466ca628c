"""Where benefits stand: what the page and the paper for the steering group both open with."""

from dataclasses import dataclass
from datetime import date

from dashboard.access.scope import Row
from dashboard.pages import EmptyError
from dashboard.pages.benefits_words import MINUTES_OF
from dashboard.queries import benefits
from dashboard.queries.benefits import Whose
from dashboard.text import Text


@dataclass(frozen=True)
class Standing:
    """Where the benefits of a county, or of all together, stand: what page and paper open with."""

    promised: float | None
    """Minutes promised up to the last counted month; none where there is no plan."""
    promised_in_all: float | None
    by_state: dict[str, Row]
    until: date
    overdue: list[Row]
    only_planned: list[str]
    """Processes nobody has measured since the system came."""
    doubtful: float = 0.0
    """Minutes realised by work that was changing before the system already: not shown to be its doing."""

    @property
    def realised(self) -> Row | None:
        return self.by_state.get("realised")

    @property
    def estimated(self) -> Row | None:
        return self.by_state.get("estimated")


def standing(of: Whose) -> Standing:
    """Nothing to say where no benefit was ever counted or promised."""
    states = {row["state"]: row for row in benefits.so_far(of, "all")}
    plan = benefits.promised(of)
    if not states and not plan:
        raise EmptyError("benefits_empty")
    until = max((row["until"] for row in states.values()), default=date.min)
    due = [row for row in plan if row["month"] <= until]
    processes = benefits.so_far(of, "process_code")
    measured = {row["sum_key"] for row in processes if row["state"] == "realised"}
    planned = {row["sum_key"] for row in processes if row["state"] == "planned"}
    return Standing(
        promised=due[-1]["planned_so_far"] if due else (0.0 if plan else None),
        promised_in_all=plan[-1]["planned_so_far"] if plan else None,
        by_state=states,
        until=until,
        overdue=[row for row in benefits.due(of) if row["days_overdue"]],
        only_planned=sorted(planned - measured),
        doubtful=_doubtful(of, processes),
    )


def _doubtful(of: Whose, processes: list[Row]) -> float:
    moved = {
        row["indicator"].removeprefix(MINUTES_OF)
        for row in benefits.verdicts(of.reader)
        if row["verdict"] == "moved_before"
    }
    saved = [row for row in processes if row["state"] == "realised" and row["sum_key"] in moved]
    return float(sum(max(row["hours"] or 0.0, 0.0) for row in saved))


def first(found: Standing, text: Text) -> str:
    """What was promised and what came, or that it did not."""
    realised, promised = found.realised, found.promised
    planned = text.hours_said(promised)
    if realised is None or realised["hours"] is None:
        return text("benefits.none_measured", planned=planned)
    key = "costs_time" if realised["high"] < 0 else "not_shown" if realised["low"] <= 0 else "come"
    if key == "come" and promised is None:
        key = "no_plan"
    said = {name: text.hours_said(realised[name]) for name in ("hours", "low", "high")}
    opening = text(f"benefits.{key}", **said, planned=planned)
    return f"{opening} {text(against_plan(realised, promised))}" if key == "come" else opening


def against_plan(realised: Row, promised: float | None) -> str:
    """The phrase for what the interval says of the promise."""
    if promised is not None and realised["high"] < promised:
        return "benefits.less_than_promised"
    if promised is not None and realised["low"] > promised:
        return "benefits.more_than_promised"
    return "benefits.as_promised"


def second(found: Standing, text: Text) -> str:
    """How sure we are: what is not measured, and which measurements are late."""
    parts = []
    if found.doubtful:
        parts.append(text("benefits.doubtful", hours=text.hours_said(found.doubtful)))
    if found.estimated and found.estimated["hours"] is not None:
        hours = found.estimated["hours"]
        key = "benefits.estimated_too" if hours >= 0 else "benefits.estimated_against"
        parts.append(text(key, hours=text.hours_said(abs(hours))))
    if found.only_planned:
        parts.append(text("benefits.only_planned", n=text.counted("process", len(found.only_planned))))
    parts.append(
        text("benefits.overdue", n=text.counted("measurement", len(found.overdue)))
        if found.overdue
        else text("benefits.none_overdue")
    )
    return " ".join(parts)
