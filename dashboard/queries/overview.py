"""The county at a glance: where it is worse than chance, and schools' ordinary differences, explain."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden

CONFIDENCE = {"inner": 1.96, "outer": 3.09}
"""Normal quantiles of the 95 % and the 99.8 % limits."""
TRIMMED = 0.1
"""The part of the schools at either end that is drawn in before their spread is measured."""


@dataclass(frozen=True)
class Funnel:
    mean: float
    between: float
    """The variance between schools that chance alone does not explain."""
    largest: int

    def limits(self, size: int, confidence: str) -> tuple[float, float]:
        half = CONFIDENCE[confidence] * sqrt(_by_chance(self.mean, size) + self.between)
        return max(0.0, self.mean - half), min(1.0, self.mean + half)

    def is_outside(self, row: Row) -> bool:
        """Whether a school is worse than the outer limit for its size."""
        return _is_shown(row) and row["share_needing"] > self.limits(row["students"], "outer")[1]


def funnel(rows: Sequence[Row], mean: float | Hidden | None) -> Funnel | None:
    """Limits between which a school of a given size lies, around the mean of all."""
    shown = [row for row in rows if _is_shown(row)]
    if not isinstance(mean, float) or not 0 < mean < 1 or not shown:
        return None
    schools = [(row["students"], row["share_needing"]) for row in shown]
    return Funnel(mean, between_schools(schools, mean), max(size for size, _ in schools))


def between_schools(schools: Sequence[tuple[int, float]], mean: float) -> float:
    """The variance between schools, by the method of moments, from their distances in standard errors.

    The distances furthest out are first drawn in to the next ones, so that a school that does stand out does
    not itself widen the limits that are to show it (Spiegelhalter 2005, Statistics in Medicine 24: 1185).
    """
    distances = sorted((share - mean) / sqrt(_by_chance(mean, size)) for size, share in schools)
    cut = int(TRIMMED * len(distances))
    low, high = distances[cut], distances[-1 - cut]
    spread = sum(min(max(distance, low), high) ** 2 for distance in distances)
    weights = [1 / _by_chance(mean, size) for size, _ in schools]
    room = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    return max(0.0, (spread - (len(schools) - 1)) / room) if room else 0.0


def _by_chance(mean: float, size: int) -> float:
    return mean * (1 - mean) / size


def _is_shown(row: Row) -> bool:
    return isinstance(row["share_needing"], float) and isinstance(row["students"], int)
