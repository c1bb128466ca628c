"""What of an aggregate's rows may be shown: some figures are covered, then shares are made of the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.access.answers import Row
from dashboard.access.measures import Measures
from dashboard.access.suppression import Hidden, Reason, hide


@dataclass(frozen=True)
class Asked:
    """What an aggregate was asked for."""

    table: str
    measures: Measures
    group: tuple[str, ...]
    where: str
    params: Mapping[str, Any]


def hidden_together(
    rows: list[Row], asked: Asked, within: Sequence[str] | None, sums_add_up: bool, threshold: int
) -> list[set[str]]:
    """Of each row the names of the figures to hide; rows alike in the given columns add up to a total."""
    measures = asked.measures
    whole = {name for name in measures.sums if all(_is_whole(row[name]) for row in rows)}
    shape = measures.shape(whole)
    counted = [{n: int(row[n] or 0) for n in (*measures.counted, *whole)} for row in rows]
    places: dict[tuple[Any, ...], list[int]] = {}
    for i, row in enumerate(rows):
        key = tuple(row[name] for name in within) if within is not None else () if sums_add_up else (i,)
        places.setdefault(key, []).append(i)
    names: list[set[str]] = [set() for _ in rows]
    for together in places.values():
        found = hide(
            [counted[i] for i in together],
            shape,
            threshold=threshold,
            total=within is not None,
            sums_total=within is not None or sums_add_up,
        )
        for i, name in found:
            names[together[i]].add(name)
    for hidden, row in zip(names, counted, strict=True):
        for name, figure in measures.sums.items():
            if any(base in hidden or 0 < row[base] < threshold for base in figure.bases):
                hidden.add(name)
    return names


def _is_whole(value: Any) -> bool:
    return value is None or isinstance(value, int)


def cover(row: Row, names: Collection[str], threshold: int) -> None:
    for name in names:
        if name in row:
            row[name] = Hidden(Reason.FEW, threshold)


def finished(rows: list[Row], measures: Measures) -> list[Row]:
    """With ratios of what is shown, and what sums rest on hidden with them."""
    for row in rows:
        for name in measures.bases:
            resting = (row[one] for one, figure in measures.sums.items() if name in figure.bases)
            row[name] = next((sign for sign in resting if isinstance(sign, Hidden)), row[name])
        for name, (part, whole) in measures.ratios.items():
            row[name] = _ratio(row[part], row[whole])
        for name, (terms, whole) in measures.excesses.items():
            row[name] = _excess([(sign, row[term]) for sign, term in terms], row[whole])
    return rows


def by_shown(rows: list[Row], largest: Sequence[str]) -> list[Row]:
    def place(row: Row) -> list[tuple[bool, float]]:
        return [
            (not isinstance(row[name], int | float), -row[name] if isinstance(row[name], int | float) else 0)
            for name in largest
        ]

    return sorted(rows, key=place) if largest else rows


def _excess(terms: Sequence[tuple[int, Any]], whole: Any) -> float | Hidden | None:
    for figure in (*(figure for _, figure in terms), whole):
        if isinstance(figure, Hidden):
            return figure
    return sum(sign * (figure or 0) for sign, figure in terms) / whole - 1 if whole else None


def _ratio(part: Any, whole: Any) -> float | Hidden | None:
    for figure in (part, whole):
        if isinstance(figure, Hidden):
            return figure
    return float(part) / float(whole) if part is not None and whole else None
