"""What every measurement has in common: a process of its own, processor time, and rows of one table.

Processor time is compared, not the clock, and what is compared runs in turn: a busy machine slows both sides.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Cost:
    """Processor seconds of one measurement, and the most memory its process held."""

    seconds: float
    gigabytes: float


@dataclass(frozen=True)
class Row:
    """One figure against its goal; without a goal it is only told."""

    what: str
    figure: float
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def falls_short(self) -> bool:
        if self.goal is None:
            return False
        return self.figure < self.goal if self.at_least else self.figure > self.goal


def cost_of(work: Callable[[], object]) -> Cost:
    """Do it, here and now."""
    started = time.process_time()
    work()
    return Cost(time.process_time() - started, peak())


def peak() -> float:
    """The most memory this process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def in_a_process(module: str, *arguments: object, **environment: object) -> Cost:
    """Run `python -m MODULE ARGUMENTS`, which prints a cost by `tell`."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    around = os.environ | {name: str(value) for name, value in environment.items()}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=around)
    return Cost(*json.loads(done.stdout.splitlines()[-1]))


def tell(cost: Cost) -> None:
    print(json.dumps([cost.seconds, cost.gigabytes]))


def in_turn(rounds: int, work: dict[str, Callable[[], Cost]]) -> dict[str, list[Cost]]:
    """Every measurement once a round."""
    found: dict[str, list[Cost]] = {what: [] for what in work}
    for _ in range(rounds):
        for what, measure in work.items():
            found[what].append(measure())
    return found


def ratio(these: Iterable[Cost], those: Iterable[Cost]) -> float:
    """The median over the rounds."""
    return median(one.seconds / other.seconds for one, other in zip(these, those, strict=True))


def highest(costs: Iterable[Cost]) -> float:
    return max(cost.gigabytes for cost in costs)


def print_rows(title: str, rows: Iterable[Row]) -> None:
    print(f"\n{title}")
    for row in rows:
        sign = ">=" if row.at_least else "<="
        goal = "" if row.goal is None else f"goal {sign} {row.goal:g}"
        print(
            f"  {row.what:<52}{row.figure:>9.2f} {row.unit:<8}{goal:<13}"
            f"{'falls short' if row.falls_short else ''}".rstrip(),
            flush=True,
        )
