"""Small counts are hidden, and so is whatever would give them away.

The rule. A count of 1 to just below the threshold is hidden, and with it so much else that every count in
that range agrees with all that is shown. A sum of minutes over so few students is hidden too, and could be
half or half as much again. Which figures that takes is worked out for all that adds up together, and from
figures alone: the same figures are hidden for everybody, on every page, in every export and every edition.
One sign stands for all of them: a sign that told the small count from its cover would itself tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.access.protection import Block, Cell, Need, protected

SMALLEST_THRESHOLD = 5


class Reason(StrEnum):
    """Why there is no number."""

    FEW = "few"
    """Too few students, or it would give away a figure about too few."""
    UNKNOWN = "unknown"
    """There is nothing to work it out from."""
    NOT_APPLICABLE = "not_applicable"
    """It has no meaning here."""
    NOT_YET = "not_yet"
    """It will come."""
    UNRELIABLE = "unreliable"
    """It could be worked out, and would mislead."""


@dataclass(frozen=True)
class Hidden:
    """Stands in a row where a figure may not be shown."""

    reason: Reason
    threshold: int = 0


Counts = Mapping[str, int]
Needs = Mapping[str, tuple[int, int]]
"""How far figures must seem able to fall and to rise."""


@dataclass(frozen=True)
class SumOf:
    """A sum over students, and the counts of those it rests on."""

    name: str
    bases: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """How the figures of one row hang together."""

    total: str
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """`total` and each sum of its parts, with what adds up to it."""
    others: tuple[str, ...] = ()
    """Counts of some of `total`: how many are left is a count as well."""
    sums: tuple[SumOf, ...] = ()
    sum_parts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Sums that others of them add up to."""

    @property
    def tree(self) -> tuple[str, ...]:
        return (self.total, *(part for _, parts in self.parts for part in parts))


def hide(
    rows: Sequence[Counts],
    shape: Shape,
    *,
    threshold: int,
    total: bool = False,
    sums_total: bool | None = None,
) -> set[Cell]:
    """The cells of a table to hide. `total`: the sum of the rows is shown somewhere, hidden by the same rule.
    `sums_total`: the same of the sums alone, where a student is in several rows."""
    if threshold < SMALLEST_THRESHOLD:
        raise ValueError(f"the suppression threshold is at least {SMALLEST_THRESHOLD}, not {threshold}")
    adding = total or bool(sums_total)
    names = {name for row in rows for name in row}
    sums = {name: sum(row[name] for row in rows) for name in names}
    table = [sums, *rows] if adding and len(rows) > 1 else list(rows)
    first = len(table) - len(rows)
    counts = _hidden_counts(table[0 if total else first :], shape, total, threshold)
    if first and not total:
        # A student is in several rows: nothing is known of how many there are in all.
        counts = [set(), *counts]
        table[0] = {**sums, **dict.fromkeys(_counted(shape), 0)}
    hidden = _hidden_sums(table, shape, counts, adding, threshold)
    together = [of_counts | of_sums for of_counts, of_sums in zip(counts, hidden, strict=True)]
    return {(i, name) for i, found in enumerate(together[first:]) for name in found}


def _counted(shape: Shape) -> set[str]:
    return {*shape.tree, *shape.others, *(base for one in shape.sums for base in one.bases)}


@dataclass(frozen=True)
class _Family:
    """Figures of a row that add up to `root`, or stand alone."""

    root: str
    parts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.root, *(part for _, parts in self.parts for part in parts))

    def block(
        self, rows: Sequence[Counts], hidden: Sequence[set[str]], needs: Sequence[Needs], total: bool
    ) -> list[set[str]]:
        """Per row the figures to hide, where these are hidden and must seem to move so far."""
        found = protected(
            Block(
                self.root,
                self.parts,
                tuple(tuple((name, row[name]) for name in self.names) for row in rows),
                total,
                frozenset((i, name) for i, names in enumerate(hidden) for name in names),
                tuple(Need((i, n), *wanted) for i, of in enumerate(needs) for n, wanted in of.items()),
                any(row[name] < 0 for row in rows for name in self.names),
            )
        )
        return [{name for at, name in found if at == i} for i in range(len(rows))]

    def covered(
        self, rows: Sequence[Counts], hidden: Sequence[set[str]], needs: Sequence[Needs], total: bool
    ) -> list[set[str]]:
        """The same, the total first by itself: where the rows are not shown, it is decided alike."""
        given = [names & set(self.names) for names in hidden]
        if not total or len(rows) < 2:
            alone = zip(rows, given, needs, strict=True)
            return [self.block([row], [names], [need], False)[0] for row, names, need in alone]
        (above,) = self.block([rows[0]], [given[0]], [needs[0]], False)
        return self.block(rows, [above, *given[1:]], needs, True)


def _hidden_counts(rows: Sequence[Counts], shape: Shape, total: bool, threshold: int) -> list[set[str]]:
    hidden = _small_counts(rows, _Family(shape.total, shape.parts), [set() for _ in rows], total, threshold)
    for other in shape.others:
        family, told, rest = _Family(other), rows, f"other than {other}"
        if all(0 <= row[other] <= row[shape.total] for row in rows):
            family = _Family(shape.total, ((shape.total, (other, rest)),))
            told = [{**row, rest: row[shape.total] - row[other]} for row in rows]
        found = _small_counts(told, family, hidden, total, threshold)
        hidden = [before | (now - {rest}) for before, now in zip(hidden, found, strict=True)]
    return hidden


def _small_counts(
    rows: Sequence[Counts], family: _Family, hidden: Sequence[set[str]], total: bool, threshold: int
) -> list[set[str]]:
    small = [{name for name in family.names if 0 < row[name] < threshold} for row in rows]
    # Of so few students nothing is shown, that there are none of a kind no more than how many.
    given = [
        names | (set(family.names) if family.root in few else few)
        for names, few in zip(hidden, small, strict=True)
    ]
    needs = [
        {name: (row[name] - 1, threshold - 1 - row[name]) for name in sorted(few)}
        for row, few in zip(rows, small, strict=True)
    ]
    return family.covered(rows, given, needs, total)


def _hidden_sums(
    rows: Sequence[Counts], shape: Shape, counts: Sequence[set[str]], total: bool, threshold: int
) -> list[set[str]]:
    """Hidden with the counts they rest on; those over few students must also seem to move."""
    inside = {name for whole, parts in shape.sum_parts for name in (whole, *parts)}
    families = [_Family(whole, ((whole, parts),)) for whole, parts in shape.sum_parts]
    families += [_Family(one.name) for one in shape.sums if one.name not in inside]
    bases = {one.name: one.bases for one in shape.sums}
    hidden: list[set[str]] = [set() for _ in rows]
    for family in families:
        few = [
            {name for name in family.names if any(0 < row[base] < threshold for base in bases[name])}
            for row in rows
        ]
        given = [
            {name for name in family.names if name in small or not covered.isdisjoint(bases[name])}
            for small, covered in zip(few, counts, strict=True)
        ]
        needs = [
            {name: ((abs(row[name]) + 1) // 2,) * 2 for name in sorted(small) if row[name]}
            for row, small in zip(rows, few, strict=True)
        ]
        found = family.covered(rows, given, needs, total)
        hidden = [before | now for before, now in zip(hidden, found, strict=True)]
    return hidden
