"""A reader with a linear-programming solver: how close can hidden figures be bounded from everything shown?

The unknowns are each school's own figures (atoms). Every figure that was shown is an equation over atoms;
how counts add up within a school, and across tables, dates and subjects, is known to the reader too. What a
hidden figure can be at least and at most then follows from two linear programs.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from dashboard.access.measures import Measures
from dashboard.access.scope import Row
from dashboard.access.shown import Asked
from tests.attack.listening import Heard

Context = tuple[tuple[str, str], ...]
Atom = tuple[Context, str, str]
"""What the figure is about, whose it is, and its name."""
SHARED = re.compile(
    r"( and )?\(?(\$subject is null or )?(county_number|school_id|subject_code|period) = \$\w+\)?( and true)?"
)
STATUS_TABLES = ("school_coverage", "coverage_history")
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


@dataclass
class Knowledge:
    """Atoms with their true values, and the linear relations the reader has over them."""

    true: dict[Atom, float] = field(default_factory=dict)
    signed: set[Atom] = field(default_factory=set)
    equations: list[tuple[dict[Atom, float], float]] = field(default_factory=list)
    ceilings: list[tuple[dict[Atom, float], float]] = field(default_factory=list)
    counts: dict[tuple[Context, str], Measures] = field(default_factory=dict)
    bases: dict[tuple[Context, str], Row] = field(default_factory=dict)

    def equal(self, terms: Iterable[tuple[float, Atom]], value: float = 0.0) -> None:
        row: dict[Atom, float] = defaultdict(float)
        for weight, atom in terms:
            row[atom] += weight
        held = sum(weight * self.true[atom] for atom, weight in row.items())
        if abs(held - value) > 0.5:
            raise ValueError(f"not so: {list(row)[:3]} make {held}, not {value}")
        self.equations.append((dict(row), value))

    def at_most(self, terms: Iterable[tuple[float, Atom]], value: float = 0.0) -> None:
        self.ceilings.append(({atom: weight for weight, atom in terms}, value))


def learn(heard: Iterable[Heard], known: Knowledge | None = None) -> Knowledge:
    """What was shown, as equations."""
    knowledge = known or Knowledge()
    seen: set[Any] = set()
    for one in heard:
        if one.method not in ("aggregate", "published") or one.measures is None:
            continue
        mark = (
            one.edition,
            one.viewer,
            one.table,
            repr(one.measures),
            one.group,
            one.where,
            repr(one.params),
        )
        if mark not in seen:
            seen.add(mark)
            _add(one, one.measures, knowledge)
    return knowledge


def _add(one: Heard, measures: Measures, knowledge: Knowledge) -> None:
    for row, atoms in zip(one.rows, _true_rows(one, measures), strict=True):
        context = _context(one, row)
        for atom in atoms:
            knowledge.bases.setdefault((context, str(atom["school_id"])), {}).update(atom)
        for name in [*_counts(measures), *measures.sums]:
            holders = [(context, str(atom["school_id"]), name) for atom in atoms]
            values = [atom[name] for atom in atoms]
            if any(value is None or isinstance(value, float) for value in values):
                continue
            for holder, value in zip(holders, values, strict=True):
                knowledge.true.setdefault(holder, float(value))
                if name in measures.sums and one.table in ("coverage_change", "correction"):
                    knowledge.signed.add(holder)
                known = knowledge.counts.setdefault((context, holder[1]), measures)
                if len(measures.sums) > len(known.sums):
                    knowledge.counts[context, holder[1]] = measures
            shown = row[name]
            if isinstance(shown, int) and not isinstance(shown, bool) and sum(values) == shown:
                knowledge.equal([(1.0, holder) for holder in holders], float(shown))


def _true_rows(one: Heard, measures: Measures) -> list[list[Row]]:
    """The figures of each school behind every shown row."""
    scope, bound = ("true", {}) if one.method == "published" else one.reader._scope(one.table)
    if one.county is not None:
        scope, bound = f"{scope} and county_number = $of_county", {**bound, "of_county": one.county}
    asked = Asked(one.table, measures, one.group, one.where, {**bound, **one.params})
    found = one.reader._counted(asked, list(dict.fromkeys([*one.group, "school_id"])), scope)
    by_row: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in found:
        by_row[tuple(row[name] for name in one.group)].append(row)
    return [by_row[tuple(row[name] for name in one.group)] for row in one.rows]


def _counts(measures: Measures) -> list[str]:
    return ["students", *measures.parts, *measures.counts]


def _context(one: Heard, row: Row) -> Context:
    extra = {name: row[name] for name in one.group if name not in ("county_number", "school_id")}
    given = {key: value for key, value in one.params.items() if key not in ("county", "school")}
    about = {**{key: value for key, value in given.items() if value is not None}, **extra}
    about = {{"subject_code": "subject", "school_year": "year"}.get(key, key): v for key, v in about.items()}
    about.pop("subject_name", None)
    if one.table in STATUS_TABLES:
        about["as_of_date"] = about.get("as_of_date", one.edition)
        return (("table", "status"), *_worded(about))
    where = SHARED.sub("", one.where).strip().removeprefix("and ")
    return (("table", one.table), ("edition", str(one.edition)), ("where", where), *_worded(about))


def _worded(about: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, str(value)) for key, value in about.items()))


def relate(knowledge: Knowledge) -> None:
    """How figures add up within a school, between tables and between dates."""
    for (context, school), measures in knowledge.counts.items():
        _within(knowledge, context, school, measures)
    _losses_by_subject(knowledge)
    _subjects_of_schools(knowledge)
    _groups_of_subjects(knowledge)


def _within(knowledge: Knowledge, context: Context, school: str, measures: Measures) -> None:
    at = _at(knowledge, context, school)
    sums = {**measures.subtotals, **measures.sum_totals}
    if measures.parts:
        sums["students"] = tuple(measures.parts)
    if at("supply"):
        sums["supply"] = ("scheduled", "made_up")
        sums |= {"supply ": measures.sum_totals["supply"]}
    for whole, parts in sums.items():
        total = whole.strip()
        if all(at(name) for name in (total, *parts)):
            knowledge.equal(
                [*((1.0, (context, school, part)) for part in parts), (-1.0, (context, school, total))]
            )
    for name in measures.counts:
        if name not in measures.subtotals and at(name) and at("students"):
            knowledge.at_most([(1.0, (context, school, name)), (-1.0, (context, school, "students"))])


def _at(knowledge: Knowledge, context: Context, school: str) -> Callable[[str], bool]:
    return lambda name: (context, school, name) in knowledge.true


def _losses_by_subject(knowledge: Knowledge) -> None:
    """Minutes by subject, or by programme area, are the school's minutes."""
    split: dict[tuple[Context, str, str, str], list[Atom]] = defaultdict(list)
    for context, school, name in knowledge.true:
        about = dict(context)
        for key in ("subject", "programme_area_code"):
            if about["table"] == "loss_cause" and key in about and not name.startswith(("n_", "students")):
                whole = _without(context, key)
                split[whole, school, name, key].append((context, school, name))
    for (whole, school, name, _), parts in split.items():
        atom = (whole, school, name)
        if atom in knowledge.true and sum(knowledge.true[p] for p in parts) == knowledge.true[atom]:
            knowledge.equal([*((1.0, part) for part in parts), (-1.0, atom)])


def _without(context: Context, key: str) -> Context:
    return tuple((k, v) for k, v in context if k != key)


def _subjects_of_schools(knowledge: Knowledge) -> None:
    """The school's minutes are its subjects' minutes; a student who needs something does so in a subject."""
    by_school: dict[tuple[str, str, str], list[Atom]] = defaultdict(list)
    for context, school, name in knowledge.true:
        about = dict(context)
        if about["table"] == "school_subject_coverage":
            by_school[about["edition"], school, name].append((context, school, name))
    for (edition, school, name), parts in by_school.items():
        for context in {c for c, s, n in knowledge.true if dict(c)["table"] == "status" and s == school}:
            atom = (context, school, name)
            if dict(context)["as_of_date"] != edition or atom not in knowledge.true:
                continue
            if name == "students_needing":
                for part in parts:
                    knowledge.at_most([(1.0, part), (-1.0, atom)])
                knowledge.at_most([(1.0, atom), *((-1.0, part) for part in parts)])
            elif (
                not name.startswith("students")
                and sum(knowledge.true[p] for p in parts) == knowledge.true[atom]
            ):
                knowledge.equal([*((1.0, part) for part in parts), (-1.0, atom)])


def _groups_of_subjects(knowledge: Knowledge) -> None:
    """Every student with a group in the subject is in one of its groups; so is everyone it would help."""
    groups: dict[tuple[str, str, str, str], list[Atom]] = defaultdict(list)
    for context, school, name in knowledge.true:
        about = dict(context)
        if about["table"] in ("group_forecast", "recovery") and name in ("students", "recovered"):
            groups[about["table"], about["edition"], about["subject"], school + "|" + name].append(
                (context, school, name)
            )
    subjects = {
        (dict(context)["edition"], dict(context)["subject"], school): context
        for context, school, _ in knowledge.true
        if dict(context)["table"] == "school_subject_coverage"
    }
    wholes = {
        ("group_forecast", "students"): ({"students": 1.0, "students_not_assigned": -1.0},),
        ("recovery", "students"): ({"students_short": 1.0, "students_at_risk": 1.0},
                                   {"students_needing": 1.0, "students_not_assigned": -1.0}),
        ("recovery", "recovered"): ({"missing": 1.0, "not_assigned": -1.0},),
    }  # fmt: skip
    for (table, edition, subject, holder), parts in groups.items():
        school, name = holder.split("|")
        context = subjects.get((edition, subject, school))
        if context is None:
            continue
        for whole in wholes[table, name]:
            atoms = {(context, school, part): weight for part, weight in whole.items()}
            if not all(atom in knowledge.true for atom in atoms):
                continue
            if sum(w * knowledge.true[a] for a, w in atoms.items()) == sum(knowledge.true[p] for p in parts):
                knowledge.equal([*((1.0, p) for p in parts), *((-w, a) for a, w in atoms.items())])


Target = tuple[dict[Atom, float], float, float]
"""A sum of atoms, and the interval of which the reader must not know better."""


def small_counts(knowledge: Knowledge, threshold: int, county_of: Mapping[str, str]) -> list[Target]:
    """Every small count, of a school and of a county: all from 1 to just below the threshold are possible."""
    counties: dict[Atom, dict[Atom, float]] = defaultdict(dict)
    targets: list[Target] = []
    for atom, value in knowledge.true.items():
        context, school, name = atom
        if name not in _counts(knowledge.counts[context, school]) or dict(context)["table"] in UNCOUNTED:
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
