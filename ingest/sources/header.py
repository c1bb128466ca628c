"""Where a table's header stands, and what its headings say.

Titles may stand above it, and it may take two lines: a merged cell over several columns, and under it
what tells them apart. The heading of such a column is both, with a blank between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

WITHIN = 40
Row = tuple[int, list[str]]
_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Header:
    """`headings` as `heading` writes them, one per column and all different; `shown` as they stand."""

    first: int
    last: int
    headings: tuple[str, ...]
    shown: tuple[str, ...]
    hits: int
    repeated: frozenset[str] = frozenset()

    @property
    def lines(self) -> int:
        return self.last - self.first + 1


def heading(text: str) -> str:
    """A heading so that spelling variants meet: lower case, single blanks, composed letters."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\ufeff", "").casefold().split())


def hits(cells: Sequence[str], known: Collection[str]) -> int:
    return sum(heading(cell) in known for cell in cells)


def find_header(rows: Sequence[Row], known: Collection[str]) -> Header:
    """The line (or two) with most known headings; where none is known, the one that looks most like it."""
    head = rows[:WITHIN]
    if not head:
        return Header(1, 1, (), (), 0)
    position = max(range(len(head)), key=lambda i: (hits(head[i][1], known), -i))
    single = _single(head, position, known)
    double = max(
        (_double(head, i, known) for i in range(len(head) - 1)), key=lambda one: one.hits, default=single
    )
    if double.hits > single.hits:
        return double
    if single.hits:
        return single
    return _likeliest(head, known)


def _single(head: Sequence[Row], position: int, known: Collection[str]) -> Header:
    number, cells = head[position]
    return _header(number, number, cells, known)


def _double(head: Sequence[Row], position: int, known: Collection[str]) -> Header:
    upper, lower = head[position][1], head[position + 1][1]
    width = max(len(upper), len(lower))
    upper, lower = [one + [""] * (width - len(one)) for one in (upper, lower)]
    texts, over = [], ""
    for above, below in zip(upper, lower, strict=True):
        over = above.strip() or (over if below.strip() else "")
        both = " ".join(part for part in (over, below.strip()) if part)
        choices = [text for text in (both, below, above) if heading(text) in known and text.strip()]
        texts.append(choices[0] if choices else both)
    return _header(head[position][0], head[position + 1][0], texts, known)


def _header(first: int, last: int, cells: Sequence[str], known: Collection[str]) -> Header:
    names = [heading(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    shown = [" ".join(cell.split()) for cell in cells[: len(names)]]
    count = Counter(name for name in names if name)
    repeated = frozenset(name for name, times in count.items() if times > 1)
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for number, name in enumerate(names, start=1):
        seen[name] += 1
        if not name:
            unique.append(f"(column {number})")
        else:
            unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    found = sum(name in known for name in count)
    return Header(first, last, tuple(unique), tuple(shown), found, repeated)


def _likeliest(head: Sequence[Row], known: Collection[str]) -> Header:
    """The first line of the table's full width that is words alone, with the line above it if merged."""
    width = max(_filled(cells) for _, cells in head)
    for position, (_, cells) in enumerate(head):
        if _filled(cells) * 2 > width and _is_words(cells):
            following = head[position + 1][1] if position + 1 < len(head) else []
            if _is_words(following) and _fills_gaps(cells, following):
                return _double(head, position, known)
            return _single(head, position, known)
    return _single(head, 0, known)


def _fills_gaps(upper: Sequence[str], lower: Sequence[str]) -> bool:
    pairs = [(a.strip(), b.strip()) for a, b in zip(upper, lower, strict=False)]
    gaps = [below for above, below in pairs if not above]
    inner = pairs and pairs[0][0]
    return bool(inner and gaps and all(gaps) and any(not below for _, below in pairs))


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _is_words(cells: Sequence[str]) -> bool:
    texts = [cell for cell in cells if cell.strip()]
    return bool(texts) and not any(_HAS_DIGIT.search(text) for text in texts)
