"""Method: every figure's definition, formula and source; the same text as docs/method."""

from functools import cache
from pathlib import Path
from typing import Any

from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.figures.entitlement import bar_key, entitlement
from dashboard.components.figures.waterfall import STEPS, waterfall
from dashboard.components.prose import Prose
from dashboard.components.table import Column, Table, as_html
from dashboard.pages import Body, Request
from dashboard.text import Text
from timerett.settings import settings

DOCS = Path(__file__).resolve().parents[2] / "docs" / "method"
EXAMPLE = {
    "required": 8400,
    "scheduled": 8760,
    "outside_membership": 240,
    "cancelled": 540,
    "diverted": 120,
    "made_up": 180,
    "remaining": 3240,
    "offered": 4800,
    "assumed": 360,
    "projected": 7829,
}
"""The student the text begins with, in minutes."""
DEFAULTS = {"evidence": ("stale_after_teaching_days", 10), "suppression": ("suppression_threshold", 10)}
"""Settings whose default the text states, by the anchor of the section that states it."""


def build(request: Request) -> Body:
    text = request.view.text
    language, markdown = _document(text.language)
    prose = Prose(markdown, lambda anchor: _after_heading(request, anchor))
    contents = [html.Li(html.A(words, href=f"#{anchor}")) for anchor, words in prose.headings]
    content = [
        html.Div(
            [
                html.H1(prose.title, id="heading", tabIndex=-1),
                html.P(text("method.first"), className="first"),
                html.P(text("method.second"), className="second"),
            ],
            className="lede",
        ),
        html.P(text("method.fallback"), className="warning") if language != text.language else None,
        html.Div(
            [
                html.Nav(
                    [html.H2(text("method.contents")), html.Ol(contents)],
                    className="contents",
                    **aria(label=text("method.contents")),
                ),
                html.Article(prose.elements, className="prose", lang=language),
            ],
            className="document",
        ),
    ]
    home = (text("page.overview"), request.view.href("/"))
    return Body(text("page.method"), [home, (text("page.method"), None)], content, {})


@cache
def _document(language: str) -> tuple[str, str]:
    """The text in the reader's language, else in bokmål."""
    found = DOCS / f"{language}.md"
    if not found.is_file():
        language, found = "nb", DOCS / "nb.md"
    return language, found.read_text(encoding="utf-8")


def _after_heading(request: Request, anchor: str) -> Any:
    return _example(request.view.text) if anchor == "example" else _where_it_differs(request, anchor)


def _example(text: Text) -> html.Section:
    """The example as the pages draw it: the steps, and what is given, expected and missing of what is due."""
    rows = [{"step": text(f"step.{step}"), "minutes": EXAMPLE[step]} for step, _ in STEPS]
    rows.append({"step": text("step.required"), "minutes": EXAMPLE["required"]})
    columns = [
        Column("step", text("column.step")),
        Column("minutes", text("column.student_hours"), "hours"),
    ]
    table = Table("example", text("why.caption"), columns, rows)
    return html.Section(
        [
            waterfall(EXAMPLE, None, text),
            html.Div([entitlement(EXAMPLE), bar_key(text)], **aria(hidden="true")),
            html.Details(
                [html.Summary(text("card.as_table")), as_html(table, text)],
                className="as-table",
            ),
        ],
        className="card example",
        **aria(labelledby="example"),
    )


def _where_it_differs(request: Request, anchor: str) -> Any:
    """What is set otherwise on this server than the text says."""
    if anchor not in DEFAULTS:
        return None
    name, default = DEFAULTS[anchor]
    value = getattr(settings(), name)
    if value == default:
        return None
    text = request.view.text
    return html.P(text(f"method.{name}", n=text.number(value)), className="warning")
