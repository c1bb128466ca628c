"""Small counts are hidden, and so is whatever would give them away.

A table of counts is tied together by sums: the parts of a row add up to its students, and where the total of
the rows is shown elsewhere, each column adds up to that total. A hidden count can be computed back when it
is the only hidden one in such a sum, or when the hidden ones together are fewer than the threshold. In both
cases the next smallest count of that sum is hidden too, until no sum gives anything away.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

SMALLEST_THRESHOLD = 5


class Reason(StrEnum):
    SMALL = "small"
    COMPLEMENT = "complement"
    BASIS = "basis"


@dataclass(frozen=True)
class Hidden:
    """Stands in a row where a figure may not be shown."""

    reason: Reason
    threshold: int


Cell = tuple[int, str]


@dataclass(frozen=True)
class Sums:
    """How the counts of one row add up, finest first."""

    total: str
    parts: Sequence[str] = ()
    subtotals: Mapping[str, Sequence[str]] = field(default_factory=dict)
    others: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        return [*self.parts, *self.others, *self.subtotals, self.total]

    def lines(self) -> list[list[str]]:
        """Every sum within a row: each subtotal by itself, the total from its parts, and in larger steps."""
        if not self.parts:
            return []
        inner = {name for names in self.subtotals.values() for name in names}
        outermost = [name for name in (*self.subtotals, *self.parts) if name not in inner]
        lines = [[*names, subtotal] for subtotal, names in self.subtotals.items()]
        lines += [[*self.parts, self.total], [*outermost, self.total]]
        for subtotal in self.subtotals:
            covered = self._parts_of(subtotal)
            lines.append([*(part for part in self.parts if part not in covered), subtotal, self.total])
        return lines

    def _parts_of(self, name: str) -> set[str]:
        if name not in self.subtotals:
            return {name}
        return set().union(*(self._parts_of(inner) for inner in self.subtotals[name]))


def hidden_counts(
    rows: Sequence[Mapping[str, int]],
    sums: Sums,
    *,
    adding_up: Sequence[Sequence[int]] = (),
    threshold: int,
) -> dict[Cell, Reason]:
    """Which counts to hide, and why. `adding_up`: sets of rows whose total is shown elsewhere."""
    if threshold < SMALLEST_THRESHOLD:
        raise ValueError(f"the suppression threshold is at least {SMALLEST_THRESHOLD}, not {threshold}")
    hidden: dict[Cell, Reason] = {}
    for i, row in enumerate(rows):
        whole_row = 0 < row[sums.total] < threshold
        for name in sums.names:
            if whole_row or 0 < row[name] < threshold:
                hidden[i, name] = Reason.SMALL
    lines = [[(i, name) for name in line] for line in sums.lines() for i in range(len(rows))]
    lines += [
        [(i, name) for i in together] for together in adding_up if len(together) > 1 for name in sums.names
    ]
    rank = {name: (name in sums.subtotals) + 2 * (name == sums.total) for name in sums.names}
    changed = True
    while changed:
        changed = False
        for cells in lines:
            told = _told(cells, rows, hidden, threshold, rank)
            if told:
                hidden[told] = Reason.COMPLEMENT
                changed = True
    return hidden


def hidden_sums(
    rows: Sequence[Mapping[str, int]],
    bases: Collection[str],
    total: str,
    *,
    adding_up: Sequence[Sequence[int]] = (),
    totals: Mapping[str, Sequence[str]] | None = None,
    threshold: int,
) -> set[Cell]:
    """Where a sum resting on a count may not be shown: too few behind it, or the rest of a known total.

    `totals`: sums over the whole row that others add up to, each with the counts those rest on. Where one of
    the others is hidden, further ones are, until the total tells nothing; only if none is left, so is it.
    """
    sums = totals or {}
    columns = [*bases, *sums]
    counts = [{**row, **dict.fromkeys(sums, row[total])} for row in rows]
    hidden = {
        (i, name): Reason.BASIS
        for i, row in enumerate(counts)
        for name in columns
        if 0 < row[name] < threshold or 0 < row[total] < threshold
    }
    rank = dict.fromkeys(columns, 0)
    down = [[(i, name) for i in together] for together in adding_up if len(together) > 1 for name in columns]
    across = [(name, [(i, part) for part in parts]) for name, parts in sums.items() for i in range(len(rows))]
    changed = True
    while changed:
        before = len(hidden)
        for cells in down:
            told = _told(cells, counts, hidden, threshold, rank)
            if told:
                hidden[told] = Reason.BASIS
        for name, cells in across:
            whole = (cells[0][0], name)
            if whole not in hidden and _gives_away(cells, counts, hidden, threshold):
                hidden[_told(cells, counts, hidden, threshold, rank) or whole] = Reason.BASIS
        changed = len(hidden) > before
    return set(hidden)


def _gives_away(
    cells: Sequence[Cell],
    rows: Sequence[Mapping[str, int]],
    hidden: Collection[Cell],
    threshold: int,
) -> bool:
    """Whether a hidden count of this sum, or a few of them together, can be computed from the rest."""
    masked = [rows[i][name] for i, name in cells if (i, name) in hidden]
    return bool(masked) and (len(masked) == 1 or sum(masked) < threshold)


def _told(
    cells: Sequence[Cell],
    rows: Sequence[Mapping[str, int]],
    hidden: Mapping[Cell, Reason],
    threshold: int,
    rank: Mapping[str, int],
) -> Cell | None:
    """The count to hide next if this sum gives a hidden one away: the smallest of the finest."""
    if not _gives_away(cells, rows, hidden, threshold):
        return None
    shown = [(i, name) for i, name in cells if (i, name) not in hidden and rows[i][name] > 0]
    return min(shown, key=lambda cell: (rank[cell[1]], rows[cell[0]][cell[1]], cell), default=None)
