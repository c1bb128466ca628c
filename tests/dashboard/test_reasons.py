"""Where there is no number there is a reason: by sign, by text, in every table, file and language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from dashboard.access.roles import Role, Viewer
from dashboard.access.suppression import Hidden, Reason
from dashboard.components.card import Cards
from dashboard.components.markup import written
from dashboard.components.table import Column, Table, as_html
from dashboard.export import as_csv
from dashboard.queries.common import Publication
from dashboard.text import LANGUAGES, Text
from dashboard.view import View
from tests.dashboard.test_pages import page

ADDRESSES = {
    Role.DIRECTOR: (
        "/",
        "/county/99",
        "/changes",
        "/absence",
        "/benefits",
        "/rollout",
        "/data",
        "/corrections",
    ),
    Role.PRINCIPAL: ("/", "/absence", "/changes", "/data"),
}


@contextmanager
def tables() -> Iterator[list[Table]]:
    found: list[Table] = []
    plain = Cards.card

    def card(cards: Cards, title: Any, table: Table, *args: Any, **named: Any) -> Any:
        found.append(table)
        return plain(cards, title, table, *args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cards, "card", card)
        yield found


def test_no_cell_of_any_table_is_blank(server: Flask) -> None:
    with tables() as found:
        for role, addresses in ADDRESSES.items():
            for address in addresses:
                page(server, address, f"?role={role}")
    assert len(found) > 30
    for table in found:
        markup = written(as_html(table, Text("nb")))
        assert not re.findall(r"<t[dh][^>]*>\s*</t[dh]>", markup), table.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_has_its_own_sign_and_words(language: str) -> None:
    text = Text(language)
    cells = [Hidden(reason, 10) for reason in Reason]
    assert len({text.hidden(cell) for cell in cells}) == len(Reason)
    assert len({text.reason(cell) for cell in cells}) == len(Reason)
    rows = [{"name": str(cell.reason), "n": cell} for cell in cells]
    table = Table("t", "T", [Column("name", "Navn"), Column("n", "Antall", "count")], rows)
    markup = written(as_html(table, text))
    view = View("/", {}, Viewer(Role.DIRECTOR, "d", "99"), demo=True, text=text)
    made = Publication(date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC), "b", True)
    file = as_csv(table, "T", view, made).decode()
    for cell in cells:
        assert f'<span class="unseen">{text.reason(cell)}</span>' in markup
        assert f"{text.hidden(cell)} {text.reason(cell)}" in file


def test_what_has_no_value_says_why() -> None:
    columns = [Column("name", "Navn"), Column("on", "Dato", "day", missing=Reason.NOT_YET)]
    markup = written(as_html(Table("t", "T", columns, [{"name": "a", "on": None}]), Text("en")))
    assert "not yet" in markup
