"""`make bench`: the models and the whole build as ratios to the floor and to the naive way, in one run."""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench import county
from ingest.progress import progress
from timerett.build import Run, run_dbt
from timerett.settings import settings
from timerett.warehouse import connect

HERE = Path(__file__).parent
AS_OF = date(2019, 2, 15)
MART = "model.timerett.student_subject_coverage"


@dataclass(frozen=True)
class Round:
    """Seconds of one round; the models' are dbt's own, without what dbt adds around them."""

    floor: float
    naive: float
    coverage_models: float
    every_model: float
    build: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=19_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["TIMERETT_HOME"] = home
        with connect(settings().warehouse) as connection:
            county.fill(connection, given.students // county.STUDENTS_PER_GROUP * county.STUDENTS_PER_GROUP)
        rounds = [_one_round() for _ in range(given.rounds)]
    middle = Round(*(statistics.median(column) for column in zip(*map(astuple, rounds), strict=True)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{given.students} students, medians of {given.rounds} interleaved rounds")
    for label, seconds in (
        ("floor", middle.floor),
        ("naive waterfall", middle.naive),
        ("coverage models alone", middle.coverage_models),
        ("all models alone", middle.every_model),
        ("whole dbt build", middle.build),
    ):
        print(f"{label:<22} {seconds:7.2f} s   {seconds / middle.floor:6.1f} x floor")
    print(f"{'naive / coverage':<22} {middle.naive / middle.coverage_models:7.2f}")
    print(f"{'peak memory':<22} {peak:7.2f} GB")


def _one_round() -> Round:
    floor, naive = _query("floor"), _query("naive")
    started = time.perf_counter()
    run_dbt(settings(), Run(AS_OF, "bench", "known_then"), progress())
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
    sql = (HERE / f"{name}.sql").read_text(encoding="utf-8")
    with connect(settings().warehouse) as connection:
        started = time.perf_counter()
        connection.execute(sql).fetchall()
        return time.perf_counter() - started


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


if __name__ == "__main__":
    main()
