"""One dbt build in this process, then publishing."""

from __future__ import annotations

import json
import os
import textwrap
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from ingest.local_time import OSLO
from ingest.progress import Progress, progress
from timerett.closed_years import stage
from timerett.errors import CheckFailedError, WrongUseError
from timerett.lock import exclusive
from timerett.publish import publish
from timerett.settings import Settings, settings
from timerett.warehouse import connect

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
SHOWN_FAILURES = 10
SHOWN_MESSAGE = 200
_READ: dict[Path, Any] = {}
"""Projects as dbt has read them in this process."""


@dataclass(frozen=True)
class Run:
    """What a build computes: the date of its figures, and whether it looks back with later knowledge."""

    as_of: date
    build_id: str
    history_basis: str


def build(*, as_of: str | None, out: Console) -> Path:
    """Compute every figure as of a date and publish them; where anything fails the old ones stay."""
    place = settings()
    started = time.monotonic()
    with exclusive(place.home, "build"):
        published, run = compute(place, as_of)
    seconds = time.monotonic() - started
    out.print(
        f"Published {published.name}: figures as of {run.as_of:%Y-%m-%d}, in {seconds:.1f} s.",
        highlight=False,
    )
    return published


def compute(place: Settings, as_of: str | None) -> tuple[Path, Run]:
    """What `build` does, for whoever holds the home."""
    run = plan(place, as_of)
    run_dbt(place, run, progress())
    return publish(place), run


def plan(place: Settings, as_of: str | None) -> Run:
    """The date asked for, else the last day that was over when the newest extract was taken."""
    with connect(place.warehouse) as connection:
        # A sheet somebody filled in today is no extract: it knows nothing of what the systems hold today.
        newest = connection.execute(
            "SELECT coalesce(max(extracted_at) FILTER (source NOT LIKE 'sheet%'), max(extracted_at)) "
            "FROM landing.batch"
        ).fetchall()[0][0]
    if newest is None:
        raise WrongUseError("Nothing has landed yet. Run `timerett ingest SOURCE PATH` first.")
    latest = newest.astimezone(OSLO).date() - timedelta(days=1)
    wanted = _date(as_of) if as_of else latest
    now = datetime.now(UTC)
    return Run(wanted, f"{now:%Y%m%dT%H%M%S%fZ}", "recomputed" if wanted < latest else "known_then")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise WrongUseError(f"--as-of {text}: not a date. Write it as 2026-03-02.") from problem


def run_dbt(place: Settings, run: Run, told: Progress, *, select: str | None = None) -> None:
    """`dbt build` on the warehouse; its full log goes to the logs folder."""
    # dbt takes seconds to import, which no other command should pay for.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    for folder in (place.logs, place.dbt_target):
        folder.mkdir(parents=True, exist_ok=True)
    with connect(place.warehouse) as connection:
        stage(place, connection)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    variables = {
        "as_of": run.as_of.isoformat(),
        "build_id": run.build_id,
        "history_basis": run.history_basis,
        "stale_after_teaching_days": place.stale_after_teaching_days,
        "measuring_minutes_per_person": place.measuring_minutes,
    }
    logged = ["--log-level", "none", "--log-level-file", "info", "--log-path", str(place.logs), "--no-print"]
    project = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    project += ["--target-path", str(place.dbt_target)]
    asked = ["--vars", json.dumps(variables)]
    asked += ["--select", select, "--indirect-selection", "cautious"] if select else []
    told.start(f"Computing figures as of {run.as_of:%Y-%m-%d}")
    try:
        result = _read(place, [*logged, "parse", "--no-write-json", *project])
        if result.success:
            os.environ["TIMERETT_WAREHOUSE"] = str(place.warehouse)
            runner = dbtRunner(result.result, callbacks=[_Steps(told).saw])
            result = runner.invoke([*logged, "build", *project, *asked])
    finally:
        # dbt keeps the warehouse open for writing until the process ends; publishing reads it.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        told.finish()
    if not result.success:
        # Whole, for it may end in what the machine lacked; what is told of it is cut short.
        whole = "\n".join(str(node.message) for node in _failed(result))
        raise CheckFailedError(_explained(result, place)) from RuntimeError(whole)


def _read(place: Settings, arguments: list[str]) -> Any:
    """The project as dbt reads it: once in a process, and of it only what has changed since the last one.

    dbt would read all of it anew where the variables or the database's folder are others, so it is told of
    neither before a model runs.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    if PROJECT not in _READ:
        os.environ["TIMERETT_WAREHOUSE"] = place.warehouse.name
        result = dbtRunner().invoke(arguments)
        if not result.success:
            return result
        _READ[PROJECT] = result
    return _READ[PROJECT]


class _Steps:
    """Advances the progress by one for every node dbt has finished."""

    def __init__(self, told: Progress) -> None:
        self._told = told

    def saw(self, event: Any) -> None:
        if event.info.name == "NodeFinished":
            self._told.advance(1)


def _explained(result: Any, place: Settings) -> str:
    """What failed, in a line each, and where the full log is."""
    failed = _failed(result)
    lines = [f"  {node.node.name}: {_first_line(node)}" for node in failed[:SHOWN_FAILURES]]
    if len(failed) > SHOWN_FAILURES:
        lines.append(f"  and {len(failed) - SHOWN_FAILURES} more")
    if not lines and result.exception is not None:
        lines = [f"  {str(result.exception).strip().splitlines()[0]}"]
    return "\n".join(
        [
            "The build failed, so nothing was published; the earlier figures stay.",
            *lines,
            f"The full log is {place.logs / 'dbt.log'}.",
        ]
    )


def _failed(result: Any) -> list[Any]:
    nodes = getattr(result.result, "results", None) or []
    return [node for node in nodes if str(node.status) in ("error", "fail", "runtime error")]


def _first_line(node: Any) -> str:
    lines = [line.strip() for line in str(node.message or "").splitlines() if line.strip()]
    if str(node.status) == "fail":
        return f"{node.failures} rows break this test"
    return textwrap.shorten(" ".join(lines), SHOWN_MESSAGE, placeholder=" …") or str(node.status)
