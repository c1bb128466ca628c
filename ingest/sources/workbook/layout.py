"""Which form a sheet is, where its headings stand, and which column is which, however it was moved about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.sources.workbook.forms import Column, Form
from ingest.sources.workbook.grid import Cell, Grid, column_letter
from ingest.sources.workbook.words import closest, plain

_WITHIN = 30
_ENOUGH = 0.6
_COPY = re.compile(r"^(kopi av|copy of)\s+|[\s_–-]+(kopi|copy)(\s*\d+)?$|\s*\(\d{1,3}\)$", re.IGNORECASE)
Cells = dict[int, Cell]


@dataclass
class Layout:
    """A form's columns as they stand in one sheet; what is wrong with them in `complaint`."""

    form: Form
    header: int
    columns: dict[int, Column]
    extra: list[int] = field(default_factory=list)
    complaint: str | None = None

    def place(self, column: Column) -> int:
        return next(place for place, one in self.columns.items() if one is column)


def form_of(grid: Grid, among: Sequence[Form]) -> Form | None:
    """By its title, also as a copy's; else by its headings."""
    title = bare_title(grid.title)
    for form in among:
        if plain(form.title) == title:
            return form
    found = [(_share(grid, form), form) for form in among]
    best = max(found, key=lambda pair: pair[0], default=(0.0, None))
    alike = [share for share, _ in found if share == best[0]]
    return best[1] if best[0] >= _ENOUGH and len(alike) == 1 else None


def bare_title(title: str) -> str:
    """A title or file name without what copying adds."""
    text = title.strip()
    while (shorter := _COPY.sub("", text).strip()) != text:
        text = shorter
    return plain(text)


def layout_of(grid: Grid, form: Form) -> Layout | None:
    """Where the form's columns stand; None where the sheet has no heading of it."""
    header = _header(grid, form)
    if header is None:
        return None
    known = _headings(form)
    names = {place: known.get(plain(cell.text)) for place, cell in grid.rows[header].items()}
    names |= _by_hidden_names(grid, header, names, form)
    names |= _by_likeness(grid.rows[header], names, known)
    by_name = {column.name: column for column in form.columns}
    columns = {place: by_name[name] for place, name in sorted(names.items()) if name}
    extra = sorted(place for place, name in names.items() if not name)
    return Layout(form, header, columns, extra, _complaint(form, columns))


def is_heading_again(cells: Cells, layout: Layout) -> bool:
    """A row that repeats the headings, as tables pasted below each other do."""
    known = _headings(layout.form)
    return len(cells) > 1 and sum(plain(cell.text) in known for cell in cells.values()) * 2 > len(cells)


def _headings(form: Form) -> dict[str, str]:
    return {plain(text): name for text, name in form.headings().items()}


def _header(grid: Grid, form: Form) -> int | None:
    """The first row with most headings; below the hidden row of names, the one people see."""
    known = _headings(form)
    rows = sorted(grid.rows)[:_WITHIN]
    hits = {row: _hits(grid.rows[row], known) for row in rows}
    most = max(hits.values(), default=0)
    if most < min(2, len(form.columns)):
        return None
    first = min(row for row in rows if hits[row] == most)
    stated = {column.name for column in form.columns}
    names = sum(cell.text in stated for cell in grid.rows[first].values())
    return first + 1 if names == most and hits.get(first + 1, 0) * 2 >= most else first


def _hits(cells: Cells, known: dict[str, str]) -> int:
    return len({known[text] for cell in cells.values() if (text := plain(cell.text)) in known})


def _share(grid: Grid, form: Form) -> float:
    header = _header(grid, form)
    return 0.0 if header is None else _hits(grid.rows[header], _headings(form)) / len(form.columns)


def _by_hidden_names(
    grid: Grid, header: int, names: dict[int, str | None], form: Form
) -> dict[int, str | None]:
    """A heading that was written anew still has the landing column above it, where the product wrote it."""
    above = grid.rows.get(header - 1, {})
    taken = {name for name in names.values() if name}
    stated = {column.name for column in form.columns}
    return {
        place: above[place].text
        for place, name in names.items()
        if name is None and place in above and above[place].text in stated - taken
    }


def _by_likeness(header: Cells, names: dict[int, str | None], known: dict[str, str]) -> dict[int, str | None]:
    """A heading that is nearly one of the form's."""
    taken = {name for name in names.values() if name}
    found: dict[int, str | None] = {}
    for place, name in names.items():
        if name is None:
            near = closest(
                header[place].text, [text for text, known_as in known.items() if known_as not in taken]
            )
            if near:
                found[place] = known[near]
                taken.add(known[near])
    return found


def _complaint(form: Form, columns: dict[int, Column]) -> str | None:
    for name, count in Counter(column.name for column in columns.values()).items():
        if count > 1:
            places = [column_letter(place) for place, column in columns.items() if column.name == name]
            heading = next(column.heading for column in form.columns if column.name == name)
            return f"kolonnene {' og '.join(places)} heter begge «{heading}». Ta bort den ene"
    present = {column.name for column in columns.values()}
    missing = [
        column.heading for column in form.columns if form.required(column) and column.name not in present
    ]
    if missing:
        return f"mangler {_quoted(missing)}. Sett inn kolonnen igjen, eller hent et nytt skjema"
    return None


def _quoted(headings: Iterable[str]) -> str:
    return ", ".join(f"«{heading}»" for heading in headings)
