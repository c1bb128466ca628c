"""A reader with a linear-programming solver: how close can hidden figures be bounded from everything shown?

The unknowns are each school's own figures (atoms). Every figure that was shown is an equation over atoms;
how counts add up within a school, and across tables, dates and subjects, is known to the reader too. What a
hidden figure can be at least and at most then follows from two linear programs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from tests.attack.knowledge import Atom, Knowledge, counts

EXACT = 0.5
"""An interval narrower than this holds one whole number."""


@dataclass(frozen=True)
class Bound:
    """A hidden figure and what the reader knows of it."""

    what: str
    true: float
    low: float
    high: float
    wanted_low: float
    wanted_high: float

    @property
    def is_told(self) -> bool:
        return self.high - self.low < EXACT

    @property
    def is_kept(self) -> bool:
        return self.low <= self.wanted_low + 1e-6 and self.high >= self.wanted_high - 1e-6


Target = tuple[dict[Atom, float], float, float]
"""A sum of atoms, and the interval of which the reader must not know better."""


def small_counts(knowledge: Knowledge, threshold: int, county_of: Mapping[str, str]) -> list[Target]:
    """Every small count, of a school and of a county: all from 1 to just below the threshold are possible."""
    counties: dict[Atom, dict[Atom, float]] = defaultdict(dict)
    targets: list[Target] = []
    for atom, value in knowledge.true.items():
        context, school, name = atom
        if name not in counts(knowledge.counts[context, school]) or dict(context)["table"] in UNCOUNTED:
            continue
        counties[context, county_of[school], name][atom] = 1.0
        if 0 < value < threshold:
            targets.append(({atom: 1.0}, 1.0, threshold - 1.0))
    for terms in counties.values():
        if len(terms) > 1 and 0 < sum(knowledge.true[atom] for atom in terms) < threshold:
            targets.append((terms, 1.0, threshold - 1.0))
    return targets


def small_sums(knowledge: Knowledge, threshold: int) -> list[Target]:
    """Every sum of minutes over fewer students than the threshold: half as much and half as much again is."""
    targets: list[Target] = []
    for atom, value in knowledge.true.items():
        context, school, name = atom
        figure = knowledge.counts[context, school].sums.get(name)
        held = knowledge.bases[context, school]
        if figure and value and any(0 < held[base] < threshold for base in figure.bases):
            targets.append(({atom: 1.0}, *sorted((0.5 * value, 1.5 * value))))
    return targets


UNCOUNTED = ("loss_cause", "change_since", "correction_status")
"""Here counts are estimates, or students who moved, which two shown dates bound by themselves."""


def attack(knowledge: Knowledge, targets: Iterable[Target], *, exactly: bool = False) -> list[Bound]:
    """An interval for each target: the narrowest, or, unless `exactly`, one wide enough where it is."""
    values = {next(iter(row)): value for row, value in knowledge.equations if len(row) == 1}
    systems = [_Part(knowledge, members, values) for members in _components(knowledge)]
    place = {atom: system for system in systems for atom in system.index}
    for kind, relations in (("eq", knowledge.equations), ("ub", knowledge.ceilings)):
        for row, value in relations:
            open_to_doubt = [atom for atom in row if atom not in values]
            if open_to_doubt and len(row) > 1:
                place[open_to_doubt[0]].take(kind, row, value)
    found = []
    for terms, low, high in targets:
        part = place[next(iter(terms))]
        if all(atom in part.index for atom in terms):
            true = sum(weight * knowledge.true[atom] for atom, weight in terms.items())
            bounds = part.between(terms, None if exactly else (low, high))
            found.append(Bound(_said(terms), true, *bounds, low, high))
    return found


def _said(terms: dict[Atom, float]) -> str:
    (context, school, name), *more = terms
    about = " ".join(f"{key}={value}" for key, value in context if key not in ("where", "year", "edition"))
    return f"{name} at {school}{f' and {len(more)} more' if more else ''}: {about}"


def _components(knowledge: Knowledge) -> Iterable[list[Atom]]:
    """Atoms that are tied together by what is not known alone."""
    parent = {atom: atom for atom in knowledge.true}

    def root(atom: Atom) -> Atom:
        while parent[atom] != atom:
            parent[atom] = parent[parent[atom]]
            atom = parent[atom]
        return atom

    fixed = {next(iter(row)) for row, _ in knowledge.equations if len(row) == 1}
    for row, _ in [*knowledge.equations, *knowledge.ceilings]:
        first, *rest = [atom for atom in row if atom not in fixed] or list(row)[:1]
        for atom in rest:
            parent[root(atom)] = root(first)
    members: dict[Atom, list[Atom]] = defaultdict(list)
    for atom in knowledge.true:
        members[root(atom)].append(atom)
    return members.values()


class _Part:
    """One linear system of its own."""

    def __init__(self, knowledge: Knowledge, members: list[Atom], values: dict[Atom, float]) -> None:
        self.index = {atom: i for i, atom in enumerate(members)}
        self._knowledge = knowledge
        self._built: dict[str, Any] | None = None
        self._solutions: list[Any] = []
        self._values = values
        self._rows: dict[str, list[tuple[dict[Atom, float], float]]] = {"eq": [], "ub": []}

    def between(
        self, terms: dict[Atom, float], enough: tuple[float, float] | None = None
    ) -> tuple[float, float]:
        """The narrowest interval; `enough`: one that other solutions already show to be as wide will do."""
        system = self._system()
        cost = np.zeros(len(self.index))
        for atom, weight in terms.items():
            cost[self.index[atom]] += weight
        seen = [float(cost @ solution) for solution in self._solutions]
        ends = []
        for sign, wanted in ((1.0, 0), (-1.0, 1)):
            far = min((sign * value for value in seen), default=np.inf)
            if enough and far <= sign * enough[wanted] + 1e-7:
                ends.append(sign * far)
                continue
            solved = linprog(sign * cost, method="highs", **system)
            if solved.status == 3:
                ends.append(-sign * np.inf)
            elif solved.status == 0:
                ends.append(sign * solved.fun)
                self._solutions.append(solved.x)
            else:
                raise ValueError(f"what was shown contradicts itself: {_said(terms)}: {solved.message}")
        return ends[0], ends[1]

    def take(self, kind: str, row: dict[Atom, float], value: float) -> None:
        """A relation over this part's atoms and known ones."""
        known = sum(w * self._values[a] for a, w in row.items() if a not in self.index)
        self._rows[kind].append(({a: w for a, w in row.items() if a in self.index}, value - known))

    def _system(self) -> dict[str, Any]:
        if self._built is None:
            signed, values = self._knowledge.signed, self._values
            bounds = [
                (values[a], values[a]) if a in values else (None if a in signed else 0, None)
                for a in self.index
            ]
            self._built = {"bounds": bounds}
            for kind, rows in self._rows.items():
                self._built |= _matrix(kind, rows, self.index)
        return self._built


def _matrix(kind: str, rows: list[tuple[dict[Atom, float], float]], index: dict[Atom, int]) -> dict[str, Any]:
    if not rows:
        return {}
    places = [(i, index[a], w) for i, (row, _) in enumerate(rows) for a, w in row.items()]
    i, j, weights = zip(*places, strict=True)
    shape = (len(rows), len(index))
    return {f"A_{kind}": csr_array((weights, (i, j)), shape=shape), f"b_{kind}": [v for _, v in rows]}
