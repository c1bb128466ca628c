"""Everything on a page that never changes by itself, sent as one piece of markup.

Dash keeps a wrapper around every element, and a page of tables has thousands: seconds in the browser. So
pages are written with Dash's elements, and before they are sent each branch without a live component (a
chart) is condensed into its outermost element with the rest as text. `assets/markup.js` is its other half.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

VOID = frozenset({"Br", "Hr", "Img"})
RENAMED = {"className": "class", "tabIndex": "tabindex", "colSpan": "colspan", "htmlFor": "for"}
NOT_ATTRIBUTES = frozenset({"children", "style", "disable_n_clicks"})


class Markup(Component):
    """One element whose content is markup."""

    _namespace = "timerett_markup"
    _type = "Markup"
    tag: str
    attributes: dict[str, Any]
    content: str

    def __init__(self, tag: str, attributes: dict[str, Any], content: str) -> None:
        self._children_props: list[str] = []
        self._base_nodes = ["children"]
        self._prop_names = ["tag", "attributes", "content"]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        super().__init__(  # type: ignore[no-untyped-call]
            tag=tag, attributes=attributes, content=content
        )


def condensed(node: Any) -> Any:
    """The same tree with every branch that holds nothing live as markup."""
    if not isinstance(node, Component) or isinstance(node, dcc.Graph | Markup):
        return node
    if not _is_live(node):
        shown = {key: value for key, value in _properties(node).items() if key != "disable_n_clicks"}
        return Markup(node._type.lower(), shown, "".join(map(written, _children(node))))
    node.children = [condensed(child) for child in _children(node)]
    return node


def _is_live(node: Any) -> bool:
    if isinstance(node, dcc.Graph):
        return True
    return isinstance(node, Component) and any(_is_live(child) for child in _children(node))


def _children(node: Component) -> list[Any]:
    children = getattr(node, "children", None)
    if children is None:
        return []
    flat: list[Any] = []
    for child in children if isinstance(children, list | tuple) else [children]:
        flat += child if isinstance(child, list | tuple) else [child]
    return flat


def _properties(node: Component) -> dict[str, Any]:
    named: dict[str, Any] = node.to_plotly_json()["props"]  # type: ignore[no-untyped-call]
    return {key: value for key, value in named.items() if key != "children" and value is not None}


def written(node: Any) -> str:
    """A branch as markup; text in it is escaped."""
    if node is None:
        return ""
    if isinstance(node, list | tuple):
        return "".join(map(written, node))
    if not isinstance(node, Component):
        return escape(str(node))
    if isinstance(node, Markup):
        return f"<{node.tag}{attributes(node.attributes)}>{node.content}</{node.tag}>"
    if node._namespace != html.Div._namespace:
        raise TypeError(f"{node._type} cannot be sent as markup")
    tag = node._type.lower()
    opening = f"<{tag}{attributes(_properties(node))}>"
    if node._type in VOID:
        return opening
    return f"{opening}{''.join(map(written, _children(node)))}</{tag}>"


def attributes(properties: Mapping[str, Any]) -> str:
    """The properties of an element as they stand in its opening tag."""
    found = []
    for key, value in properties.items():
        if key == "style":
            rules = ";".join(f"{_hyphened(name)}:{rule}" for name, rule in value.items())
            found.append(f'data-style="{escape(rules)}"')
        elif key in NOT_ATTRIBUTES or value is False:
            continue
        elif value is True:
            found.append(key.lower())
        else:
            found.append(f'{RENAMED.get(key, key)}="{escape(str(value))}"')
    return "".join(f" {attribute}" for attribute in found)


def _hyphened(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
