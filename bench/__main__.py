"""`make bench`: everything that is measured, in one run and one table, as ratios against their goals.

`python -m bench [--only landing,fint] [--scale county|national]`; each part also runs by itself
(`python -m bench.landing --help`). What the parts mean and how to read them is in docs/performance.md.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from bench import build, coverage, dashboard, fint, fint_live, landing
from bench.measuring import Row, print_rows


@dataclass(frozen=True)
class Scale:
    """How much is measured; three rounds at a county's size, one at the country's."""

    rounds: int
    absences: int
    schools: int
    students: int
    entries: int


SCALES = {
    "county": Scale(rounds=3, absences=2_000_000, schools=24, students=19_000, entries=200_000),
    "national": Scale(rounds=1, absences=12_000_000, schools=48, students=190_000, entries=2_000_000),
}
PARTS: dict[str, tuple[str, Callable[[Scale], list[Row]]]] = {
    "landing": ("Landing a CSV delivery", lambda scale: landing.results(scale.absences, scale.rounds)),
    "fint": ("Reading FINT dumps", lambda scale: fint.results(scale.schools, scale.rounds)),
    "memory": (
        "Memory as deliveries grow",
        lambda scale: landing.memory(scale.absences // 2) + fint.memory(scale.schools // 4),
    ),
    "fint-live": ("Reading the live API", lambda scale: fint_live.results(scale.entries)),
    "coverage": ("The waterfall", lambda scale: coverage.results(scale.students, scale.rounds)),
    "build": ("Building a synthetic county", lambda scale: build.results(scale.schools // 4)),
    "dashboard": (
        "The dashboard on a national year",
        lambda scale: dashboard.results(rounds=8 * scale.rounds),
    ),
    "intervals": ("Intervals of saved hours against planted truth", lambda scale: _intervals(scale.rounds)),
}


def _intervals(rounds: int) -> list[Row]:
    """That module prints a table of its own; its goals are shares, not ratios of speed."""
    command = [sys.executable, "-m", "bench.simulation", "--only", "ordinary", "--counties"]
    subprocess.run([*command, str(20 * rounds)], check=True)
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--scale", choices=SCALES, default="county")
    given = parser.parse_args()
    wanted = given.only.split(",")
    unknown = sorted(set(wanted) - set(PARTS))
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such part. Expected some of {', '.join(PARTS)}.")
    short = 0
    for part in wanted:
        title, measure = PARTS[part]
        rows = measure(SCALES[given.scale])
        print_rows(title if rows else f"{title}: above", rows)
        short += sum(row.falls_short for row in rows)
    print(f"\n{short} of the goals are not reached." if short else "\nEvery goal is reached.")


if __name__ == "__main__":
    main()
