"""What the page says when it has nothing to show: why, and what to do."""

from typing import Any

from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.text import Text


def state(kind: str, text: Text, **values: Any) -> html.Section:
    """`kind`: empty, unpublished, refused, missing, failed, signed_out."""
    return html.Section(
        [
            html.H1(text(f"state.{kind}.title"), id="heading", tabIndex=-1),
            html.P(text(f"state.{kind}.text", **values)),
            html.P(text(f"state.{kind}.do", **values), className="do"),
        ],
        className=f"state state-{kind}",
        role="alert" if kind == "failed" else None,
    )


def skeleton() -> html.Div:
    """The real layout in grey, while the first page is on its way."""
    bones = [html.Div(className=f"bone {name}") for name in ("top", "lede", "bar", "keys", *["third"] * 3)]
    return html.Div(bones, className="skeleton", **aria(hidden="true"))
