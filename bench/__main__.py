"""`make bench`: the coverage models as ratios to the floor and to the naive way, in one run."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from bench import county
from ingest.progress import progress
from timerett.build import Run, run_dbt
from timerett.settings import settings
from timerett.warehouse import connect

HERE = Path(__file__).parent
AS_OF = date(2019, 2, 15)


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
    floor, naive, waterfall = (statistics.median(column) for column in zip(*rounds, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{given.students} students, medians of {given.rounds} interleaved rounds")
    print(f"floor              {floor:7.2f} s     1.0 x floor")
    print(f"naive waterfall    {naive:7.2f} s   {naive / floor:5.1f} x floor")
    print(f"coverage with dbt  {waterfall:7.2f} s   {waterfall / floor:5.1f} x floor")
    print(f"peak memory        {peak:7.2f} GB")


def _one_round() -> tuple[float, float, float]:
    """Seconds for the floor, the naive way, and the coverage models from landing to the mart."""
    return _query("floor"), _query("naive"), _models()


def _query(name: str) -> float:
    sql = (HERE / f"{name}.sql").read_text(encoding="utf-8")
    with connect(settings().warehouse) as connection:
        started = time.perf_counter()
        connection.execute(sql).fetchall()
        return time.perf_counter() - started


def _models() -> float:
    started = time.perf_counter()
    run_dbt(settings(), Run(AS_OF, "bench", "known_then"), progress(), select="+student_subject_coverage")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
