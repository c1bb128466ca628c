"""The two sentences a page opens with, the way on from them, and the few figures beside the status bar."""

from typing import Any

from dashboard.access.scope import Row
from dashboard.access.suppression import Hidden
from dashboard.components import html
from dashboard.components.table import hidden
from dashboard.text import Text


def lede(name: str, first: Any, second: Any, do: Any = None) -> html.Div:
    return html.Div(
        [
            html.H1(name, id="heading", tabIndex=-1),
            html.P(first, className="first"),
            html.Div([html.P(second, className="second"), html.P(do, className="do") if do else None]),
        ],
        className="lede",
    )


def key_figures(entries: list[tuple[str, Any, str, str]]) -> html.Dl:
    """Term, figure, what it says, and a class for what counts as assumed or unknown."""
    return html.Dl(
        [
            html.Div(
                [html.Dt(term), html.Dd([html.Strong(figure), html.Span(note)])],
                className=f"key {kind}".strip(),
            )
            for term, figure, note, kind in entries
        ],
        className="keys",
    )


def shown(value: Any, words: str, text: Text) -> Any:
    """A figure in words, or the sign that it may not be shown."""
    return hidden(value, text) if isinstance(value, Hidden) else words


def main_finding(row: Row, text: Text) -> str:
    """What matters now: how many need something done, and what kind."""
    needing = row["students_needing"]
    if isinstance(needing, Hidden):
        return " ".join(filter(None, [size(row, text), text("lede.hidden")]))
    if row["students_needing"] == 0:
        return text("lede.none", students=text.counted("student", row["students"]))
    opening = text(
        "lede.needing",
        n=text.number(row["students_needing"]),
        students=text.counted("student", row["students"]),
        share=text.share(row["share_needing"]),
    )
    counts = {status: row[f"students_{status}"] for status in ("not_assigned", "short", "at_risk")}
    if any(isinstance(n, Hidden) for n in counts.values()):
        return f"{opening}."
    kinds = [text(f"lede.{status}", n=text.number(n)) for status, n in counts.items() if n]
    return f"{opening}: {text.listed(kinds)}."


def concentration(row: Row | None, names: list[str], text: Text) -> str:
    """Where the lost lessons are, when a few schools hold most of a subject's."""
    if row is None:
        return ""
    return text(
        "lede.concentration" if len(names) > 1 else "lede.concentration_one",
        schools=text.listed(names),
        share=text.share(row["held"] / row["lost"], 0),
        subject=row["subject_name"] or row["subject_code"],
    )


def size(row: Row, text: Text) -> str:
    """How much is missing in all: many students may each lack little."""
    if not isinstance(row["share_missing"], float):
        return ""
    return text("lede.size", hours=text.hours_said(row["missing"]), share=text.share(row["share_missing"]))


def certainty(row: Row, stale: int, text: Text) -> str:
    """How sure we are: registered, assumed, unknown."""
    share = row["share_assumed"]
    if not isinstance(share, float):
        return text("lede.certainty_hidden")
    known = text("lede.certainty", registered=text.share(1 - share), assumed=text.share(share))
    if not isinstance(row["students_needing"], Hidden):
        known = f"{size(row, text)} {known}".strip()
    unknown = row["students_unknown"]
    if unknown == 0:
        return known
    reason = text("lede.unknown_stale", schools=text.counted("school", stale)) if stale else ""
    return f"{known} {text('lede.unknown', students=text.counted('student', unknown))}{reason}"
