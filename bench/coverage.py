"""The waterfall's models and the whole build against the floor and against the naive way.

`python -m bench.coverage [--students N] [--rounds N] [--models N]`: by the clock, since that is what dbt
tells of its models, and in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from bench import county
from bench.measuring import Cost, Row, in_a_process, peak, print_rows, tell
from ingest.progress import NoProgress
from timerett.build import Run, run_dbt
from timerett.settings import settings
from timerett.warehouse import connect

HERE = Path(__file__).parent
AS_OF = date(2019, 2, 15)
WATERFALL_GOAL, BUILD_GOAL, NAIVE_GOAL, MEMORY_GOAL_GB = 3.0, 10.0, 15.0, 2.0
MART = "model.timerett.student_subject_coverage"


@dataclass(frozen=True)
class Round:
    """Seconds of one round; the models' are dbt's own, without what dbt adds around them."""

    floor: float
    naive: float
    coverage_models: float
    every_model: float
    build: float


def results(students: int, rounds: int) -> list[Row]:
    """The ratios, and the peak of this process."""
    return _measured(students, rounds)[0]


def _measured(students: int, rounds: int) -> tuple[list[Row], dict[str, float]]:
    with tempfile.TemporaryDirectory() as home:
        os.environ["TIMERETT_HOME"] = home  # for dbt and the queries' processes too
        with connect(settings().warehouse) as connection:
            county.fill(connection, students // county.STUDENTS_PER_GROUP * county.STUDENTS_PER_GROUP)
        found = [_one_round() for _ in range(rounds)]
        models = _model_seconds()
    middle = Round(*(median(column) for column in zip(*map(astuple, found), strict=True)))
    return [
        Row("the waterfall's models / floor", middle.coverage_models / middle.floor, "x", WATERFALL_GOAL),
        Row("every model / floor", middle.every_model / middle.floor, "x"),
        Row("whole dbt build / floor", middle.build / middle.floor, "x", BUILD_GOAL),
        Row(
            "naive way / the waterfall's models",
            middle.naive / middle.coverage_models,
            "x",
            NAIVE_GOAL,
            at_least=True,
        ),
        Row("peak memory of building", peak(), "GB", MEMORY_GOAL_GB),
    ], models


def _one_round() -> Round:
    floor, naive = _query("floor"), _query("naive")
    started = time.perf_counter()
    run_dbt(settings(), Run(AS_OF, "bench", "known_then"), NoProgress())
    build = time.perf_counter() - started
    seconds = _model_seconds()
    needed = _behind_the_mart()
    return Round(
        floor=floor,
        naive=naive,
        coverage_models=sum(spent for name, spent in seconds.items() if name in needed),
        every_model=sum(seconds.values()),
        build=build,
    )


def _query(name: str) -> float:
    """Seconds by the clock, in a process of its own, so that its memory is not the build's."""
    return in_a_process("bench.coverage", "--only", name).seconds


def _asked(name: str) -> Cost:
    sql = (HERE / f"{name}.sql").read_text(encoding="utf-8")
    with connect(settings().warehouse) as connection:
        started = time.perf_counter()
        connection.execute(sql).fetchall()
        return Cost(time.perf_counter() - started, peak())


def _model_seconds() -> dict[str, float]:
    results = _artefact("run_results.json")["results"]
    spent = {result["unique_id"]: float(result["execution_time"]) for result in results}
    return {name: seconds for name, seconds in spent.items() if name.startswith("model.")}


def _behind_the_mart() -> set[str]:
    """The mart of the waterfall and every model it is computed from."""
    parents = _artefact("manifest.json")["parent_map"]
    found: set[str] = set()
    waiting = [MART]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += parents[name]
    return found


def _artefact(name: str) -> Any:
    return json.loads((settings().dbt_target / name).read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=19_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--models", type=int, default=0, help="how many of the slowest models to list")
    parser.add_argument("--only", choices=("floor", "naive"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        tell(_asked(given.only))
        return
    rows, models = _measured(given.students, given.rounds)
    print_rows(f"{given.students} students", rows)
    for name, seconds in sorted(models.items(), key=lambda one: -one[1])[: given.models]:
        print(f"  {name:<52}{seconds:>9.2f} s")


if __name__ == "__main__":
    main()
