"""What must be hidden along with a small figure, so that no arithmetic on the rest brings it back.

A table that adds up is a network in which figures flow: a row's total divides into its parts, and each part
runs into the total of its column. Another table with the same shown figures is a circulation through the
hidden cells alone. So a hidden figure may be as large as such a circulation can make it, and as small; that
is exact, in whole numbers too. Where the circulation is too small, the cheapest further cells are hidden.
(Cell suppression by network flow: Cox 1980; Kelly, Golden and Assad 1992.)
"""

import heapq
from bisect import insort
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

Cell = tuple[int, str]
Node = tuple[int, str]
Arc = tuple[int, bool, Node]
"""An edge of that number, along it or against it, and where it leads."""
OUTSIDE: Node = (-1, "")
TOTAL = 0
"""The row that the others add up to, where there is one."""
PLENTY = 1 << 60
LEAF, SUBTOTAL, WHOLE, ZERO = 1.0, 4.0, 20.0, 60.0
"""What it costs to hide a figure: a part, a sum of parts, the row's total, a nought."""


@dataclass(frozen=True)
class Need:
    """How far a figure must seem able to fall and to rise."""

    cell: Cell
    fall: int
    rise: int


@dataclass(frozen=True)
class Block:
    """Rows that add up, and in each of them figures that add up to `root`."""

    root: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    """Each figure that others add up to, with those."""
    rows: tuple[tuple[tuple[str, int], ...], ...]
    has_total: bool
    """Row 0 is the sum of the others; none of its cells is hidden but those that are already."""
    hidden: frozenset[Cell]
    needs: tuple[Need, ...]
    signed: bool = False


@dataclass(frozen=True)
class _Edge:
    """A cell, as that through which its figure flows from one sum to another."""

    cell: Cell
    start: Node
    end: Node
    value: int
    price: float


@lru_cache(maxsize=4096)
def protected(block: Block) -> frozenset[Cell]:
    """All cells to hide: those given, and what their needs take with them."""
    network = _Network(block)
    for need in sorted(block.needs, key=lambda need: (-max(need.fall, need.rise), need.cell)):
        network.move(need.cell, need.rise, rising=True)
        network.move(need.cell, need.fall, rising=False)
    return frozenset(network.hidden)


class _Network:
    def __init__(self, block: Block) -> None:
        self.hidden: set[Cell] = set()
        self._block = block
        self._edges = list(_edges(block))
        self._of = {edge.cell: i for i, edge in enumerate(self._edges)}
        self._arcs: dict[Node, list[Arc]] = {}
        self._hidden_arcs: dict[Node, list[Arc]] = {}
        for i, edge in enumerate(self._edges):
            self._arcs.setdefault(edge.start, []).append((i, True, edge.end))
            self._arcs.setdefault(edge.end, []).append((i, False, edge.start))
        for cell in block.hidden:
            self._hide(self._of[cell])

    def move(self, cell: Cell, wanted: int, *, rising: bool) -> None:
        """Hide what is needed for the figure to move that far while all that is shown stays."""
        edge = self._edges[self._of[cell]]
        start, end = (edge.end, edge.start) if rising else (edge.start, edge.end)
        if start == end:
            return
        moved = {self._of[cell]: 0}
        flow = [0] * len(self._edges)
        for noughts in (False, True):
            while wanted > 0:
                path = self._through_hidden(start, end, flow, moved, noughts) or self._cheapest(
                    start, end, flow, moved, noughts
                )
                if path is None:
                    break
                step = min(wanted, *(self._room(i, forward, flow, noughts) for i, forward in path))
                for i, forward in path:
                    flow[i] += step if forward else -step
                    self._hide(i)
                wanted -= step

    def _hide(self, i: int) -> None:
        edge = self._edges[i]
        if edge.cell not in self.hidden:
            self.hidden.add(edge.cell)
            insort(self._hidden_arcs.setdefault(edge.start, []), (i, True, edge.end))
            insort(self._hidden_arcs.setdefault(edge.end, []), (i, False, edge.start))

    def _room(self, i: int, forward: bool, flow: Sequence[int], noughts: bool) -> int:
        """How far a cell can rise or fall; a figure that is not nought is known to be at least one."""
        if forward or self._block.signed:
            return PLENTY
        value = self._edges[i].value
        return value + flow[i] - (0 if noughts else min(value, 1))

    def _through_hidden(
        self, start: Node, end: Node, flow: Sequence[int], without: Mapping[int, int], noughts: bool
    ) -> list[tuple[int, bool]] | None:
        came: dict[Node, tuple[int, bool] | None] = {start: None}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            for i, forward, there in self._hidden_arcs.get(node, ()):
                if there in came or i in without:
                    continue
                if forward or self._room(i, forward, flow, noughts) > 0:
                    came[there] = (i, forward)
                    if there == end:
                        return self._back(end, came)
                    waiting.append(there)
        return None

    def _cheapest(
        self, start: Node, end: Node, flow: Sequence[int], without: Mapping[int, int], noughts: bool
    ) -> list[tuple[int, bool]] | None:
        came: dict[Node, tuple[int, bool] | None] = {}
        best = {start: 0.0}
        waiting: list[tuple[float, Node, tuple[int, bool] | None]] = [(0.0, start, None)]
        while waiting:
            cost, node, arc = heapq.heappop(waiting)
            if node in came:
                continue
            came[node] = arc
            if node == end:
                return self._back(end, came)
            for i, forward, there in self._arcs[node]:
                if there in came or i in without or self._room(i, forward, flow, noughts) <= 0:
                    continue
                price = self._price(self._edges[i], noughts)
                if price is not None and cost + price < best.get(there, float("inf")):
                    best[there] = cost + price
                    heapq.heappush(waiting, (cost + price, there, (i, forward)))
        return None

    def _price(self, edge: _Edge, noughts: bool) -> float | None:
        if edge.cell in self.hidden:
            return 0.0
        if self._block.has_total and edge.cell[0] == TOTAL:
            return None
        if edge.value == 0:
            return ZERO + edge.price if noughts else None
        return edge.price

    def _back(self, end: Node, came: Mapping[Node, tuple[int, bool] | None]) -> list[tuple[int, bool]]:
        path = []
        arc = came[end]
        while arc is not None:
            path.append(arc)
            edge = self._edges[arc[0]]
            arc = came[edge.start if arc[1] else edge.end]
        return path[::-1]


def _edges(block: Block) -> Iterator[_Edge]:
    parts = dict(block.parts)
    above = {part: name for name, names in block.parts for part in names}
    largest = max((abs(value) for row in block.rows for _, value in row), default=0) or 1
    for i, row in enumerate(block.rows):
        turned = block.has_total and i == TOTAL
        for name, value in row:
            start = (i, above[name]) if name in above else OUTSIDE
            column = (-2, name) if block.has_total else OUTSIDE
            end = (i, name) if name in parts else column
            level = WHOLE if name == block.root else SUBTOTAL if name in parts else LEAF
            price = level + abs(value) / largest / 2
            yield _Edge((i, name), *((end, start) if turned else (start, end)), value, price)
