"""Everything on a page that never changes by itself, sent as one piece of markup.

Dash keeps a wrapper around every element, and a page of tables has thousands: seconds in the browser. So
pages are written with Dash's elements, and before they are sent each branch without a live component (a
chart) is condensed into its outermost element with the rest as text. `assets/markup.js` is its other half.
"""

from collections.abc import Mapping, Set
from functools import cache
from html import escape
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard.components.html import Element

VOID = frozenset({"br", "hr", "img"})
RENAMED = {"className": "class", "tabIndex": "tabindex", "colSpan": "colspan", "htmlFor": "for"}
NOT_ATTRIBUTES = frozenset({"children", "style", "disable_n_clicks"})


class Markup:
    """One element whose content is markup."""

    __slots__ = ("attributes", "content", "tag")

    def __init__(self, tag: str, attributes: Mapping[str, Any], content: str) -> None:
        self.tag = tag
        self.attributes = attributes
        self.content = content

    def to_plotly_json(self) -> dict[str, Any]:
        properties = {"tag": self.tag, "attributes": self.attributes, "content": self.content}
        return {"props": properties, "type": "Markup", "namespace": "timerett_markup"}


def condensed(node: Any) -> Any:
    """The same tree with every branch that holds nothing live as markup."""
    live: set[int] = set()
    _find_live(node, live)
    return _condensed(node, live)


def _condensed(node: Any, live: Set[int]) -> Any:
    if not isinstance(node, Element):
        return node
    if id(node) not in live:
        shown = {
            key: value
            for key, value in node.properties.items()
            if value is not None and key != "disable_n_clicks"
        }
        return Markup(node.tag, shown, "".join(map(written, _children(node))))
    node.children = [_condensed(child, live) for child in _children(node)]
    return node


def _find_live(node: Any, live: set[int]) -> bool:
    """Note every element that holds a live component, by its identity."""
    if not isinstance(node, Element):
        return isinstance(node, dcc.Graph)
    inside = [_find_live(child, live) for child in _children(node)]
    if any(inside):
        live.add(id(node))
    return any(inside)


def _children(node: Element) -> list[Any]:
    children = node.children
    if children is None:
        return []
    if not isinstance(children, list | tuple):
        return [children]
    flat: list[Any] = []
    for child in children:
        if isinstance(child, list | tuple):
            flat += child
        else:
            flat.append(child)
    return flat


def written(node: Any) -> str:
    """A branch as markup; text in it is escaped."""
    if isinstance(node, str):
        return escape(node)
    if isinstance(node, Element):
        opening = f"<{node.tag}{attributes(node.properties)}>"
        if node.tag in VOID:
            return opening
        return f"{opening}{''.join(map(written, _children(node)))}</{node.tag}>"
    if isinstance(node, Markup):
        return f"<{node.tag}{attributes(node.attributes)}>{node.content}</{node.tag}>"
    if isinstance(node, list | tuple):
        return "".join(map(written, node))
    if isinstance(node, Component):
        raise TypeError(f"{node._type} cannot be sent as markup")
    return "" if node is None else escape(str(node))


def attributes(properties: Mapping[str, Any]) -> str:
    """The properties of an element as they stand in its opening tag."""
    found = ""
    for key, value in properties.items():
        if key == "style" and value is not None:
            rules = ";".join(f"{_hyphened(name)}:{rule}" for name, rule in value.items())
            found += f' data-style="{escape(rules)}"'
        elif value is None or value is False or key in NOT_ATTRIBUTES:
            continue
        elif value is True:
            found += f" {key.lower()}"
        else:
            found += f' {RENAMED.get(key, key)}="{escape(str(value))}"'
    return found


@cache
def _hyphened(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
