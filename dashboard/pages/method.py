"""Method: every figure's definition, formula and source; the same text as docs/method."""

from functools import cache
from pathlib import Path
from typing import Any

from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.prose import Prose
from dashboard.pages import Body, Request
from timerett.settings import settings

DOCS = Path(__file__).resolve().parents[2] / "docs" / "method"
DEFAULTS = {"evidence": ("stale_after_teaching_days", 10), "suppression": ("suppression_threshold", 10)}
"""Settings whose default the text states, by the anchor of the section that states it."""


def build(request: Request) -> Body:
    text = request.view.text
    language, markdown = _document(text.language)
    prose = Prose(markdown, lambda anchor: _where_it_differs(request, anchor))
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
