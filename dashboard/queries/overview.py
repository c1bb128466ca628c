"""The county at a glance: where it is worse than chance explains."""

from dataclasses import dataclass
from math import sqrt

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden

CONFIDENCE = {"inner": 1.96, "outer": 3.09}
"""Normal quantiles of the 95 % and the 99.8 % limits."""


@dataclass(frozen=True)
class Funnel:
    mean: float
    sizes: list[int]
    limits: dict[str, list[tuple[float, float]]]


def funnel(rows: list[Row], mean: float | Hidden | None) -> Funnel | None:
    """Limits between which a school of a given size lies by chance alone, around the mean of all."""
    if not isinstance(mean, float) or not rows:
        return None
    largest = max((row["students"] for row in rows if not isinstance(row["students"], Hidden)), default=0)
    if not largest:
        return None
    sizes = sorted({max(10, round(largest * 1.08 * (step / 40) ** 1.6)) for step in range(1, 41)})
    limits = {name: [_limits(mean, size, z) for size in sizes] for name, z in CONFIDENCE.items()}
    return Funnel(mean, sizes, limits)


def outside(row: Row, mean: float | Hidden | None) -> bool:
    """Whether a school is worse than the outer limit for its size."""
    share, students = row["share_needing"], row["students"]
    if not isinstance(mean, float) or not isinstance(share, float) or isinstance(students, Hidden):
        return False
    return share > _limits(mean, students, CONFIDENCE["outer"])[1]


def _limits(mean: float, size: int, z: float) -> tuple[float, float]:
    half = z * sqrt(mean * (1 - mean) / size)
    return max(0.0, mean - half), min(1.0, mean + half)
