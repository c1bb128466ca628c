"""What may be asked of a table of students: counts, sums and shares, and how they hang together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from dashboard.access.suppression import Shape, SumOf


@dataclass(frozen=True)
class Sum:
    """A sum over students, shown only when the counts it rests on are."""

    sql: str
    of: str | tuple[str, ...] = "students"

    @property
    def bases(self) -> tuple[str, ...]:
        return (self.of,) if isinstance(self.of, str) else self.of


@dataclass(frozen=True)
class Measures:
    """What an aggregate yields. `parts` are counts that add up to `students`; `subtotals` are counts that
    others of them add up to, each with the names of those others; `counts` are some of `students`."""

    students: str = "sum(students)::bigint"
    derived: Mapping[str, str] = field(default_factory=dict)
    """Columns worked out row by row, within the scope and the filter, before anything is summed."""
    parts: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, str] = field(default_factory=dict)
    subtotals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    """Counts of students at least behind a sum: shown where it is."""
    sums: Mapping[str, Sum] = field(default_factory=dict)
    sum_totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Sums over the students of the row that others of them add up to."""
    ratios: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    excesses: Mapping[str, tuple[tuple[tuple[int, str], ...], str]] = field(default_factory=dict)
    """By how much a signed sum of figures is more than another of them, as a share of it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Figures about lessons and timetables that say nothing about a student."""

    @property
    def counted(self) -> dict[str, str]:
        return {"students": self.students, **self.parts, **self.counts, **self.bases}

    def shape(self, summed: Collection[str]) -> Shape:
        """How the figures hang together. `summed`: the sums that are whole numbers and add up."""
        inner = {part for parts in self.subtotals.values() for part in parts}
        outermost = tuple(name for name in (*self.subtotals, *self.parts) if name not in inner)
        parts = (("students", outermost), *self.subtotals.items()) if self.parts else ()
        return Shape(
            "students",
            tuple((name, tuple(names)) for name, names in parts),
            tuple(name for name in self.counts if name not in self.subtotals),
            tuple(SumOf(name, self.sums[name].bases) for name in self.sums if name in summed),
            tuple(item for item in self.sum_totals.items() if {item[0], *item[1]} <= set(summed)),
        )
