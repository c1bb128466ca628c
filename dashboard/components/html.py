"""The elements pages are written with: named and used as Dash's own, a tenth of their cost.

Dash's check every property of every element, which is most of the time a page of tables takes to build.
"""

from typing import Any

from dash import html


class Element:
    """One element; `tag` and class are named as in HTML and in Dash."""

    __slots__ = ("children", "properties")
    tag: str

    def __init__(self, children: Any = None, **properties: Any) -> None:
        self.children = children
        self.properties = properties

    def to_plotly_json(self) -> dict[str, Any]:
        """As the browser gets it where it holds a chart, and so is not sent as markup."""
        properties = {name: value for name, value in self.properties.items() if value is not None}
        return {
            "props": {**properties, "children": self.children},
            "type": type(self).__name__,
            "namespace": html.Div._namespace,
        }


def __getattr__(name: str) -> Any:
    """`html.Div` and every other element Dash knows, made when first asked for."""
    if not hasattr(html, name) or name.startswith("_"):
        raise AttributeError(name)
    element = type(name, (Element,), {"__slots__": (), "tag": name.lower()})
    globals()[name] = element
    return element
