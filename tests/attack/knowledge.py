"""What a reader knows from all that is shown: each school's own figures as unknowns, in equations."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
        for name in [*counts(measures), *measures.sums]:
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


def counts(measures: Measures) -> list[str]:
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
