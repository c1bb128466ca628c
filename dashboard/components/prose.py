"""Markdown from docs/ as page elements: no markup passes through, only what is built here."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from dashboard.components import html

ANCHOR = re.compile(r"\s*\{#([a-z][a-z0-9_-]*)\}\s*$")
PLAIN: dict[str, Any] = {
    "paragraph": html.P,
    "bullet_list": html.Ul,
    "ordered_list": html.Ol,
    "list_item": html.Li,
    "blockquote": html.Blockquote,
    "em": html.Em,
    "strong": html.Strong,
    "thead": html.Thead,
    "tbody": html.Tbody,
    "tr": html.Tr,
    "inline": html.Span,
}
HEADINGS = {"h1": html.H1, "h2": html.H2, "h3": html.H3}


class Prose:
    """One document: its title, its headings with their anchors, and its elements."""

    def __init__(self, markdown: str, after_heading: Callable[[str], Any] = lambda anchor: None) -> None:
        parser = MarkdownIt("commonmark", {"html": False}).enable("table")
        tokens: Sequence[Token] = parser.parse(markdown)
        self.title = ""
        self.headings: list[tuple[str, str]] = []
        self._after_heading = after_heading
        self.elements = [element for node in SyntaxTreeNode(tokens).children for element in self._block(node)]

    def _block(self, node: SyntaxTreeNode) -> list[Any]:
        if node.type == "heading":
            return self._heading(node)
        if node.type in ("fence", "code_block"):
            return [html.Pre(html.Code(node.content.rstrip("\n")), tabIndex=0)]
        if node.type == "table":
            return [html.Div(html.Table(self._inside(node)), className="scroll", tabIndex=0)]
        return [self._element(node)]

    def _heading(self, node: SyntaxTreeNode) -> list[Any]:
        words = _words(node)
        anchor = ANCHOR.search(words)
        words = ANCHOR.sub("", words)
        if node.tag == "h1":
            self.title = words
            return []
        name = anchor.group(1) if anchor else ""
        if not name:
            return [HEADINGS[node.tag](words)]
        self.headings.append((name, words))
        return [HEADINGS[node.tag](words, id=name, tabIndex=-1), self._after_heading(name)]

    def _element(self, node: SyntaxTreeNode) -> Any:
        match node.type:
            case "text":
                return node.content
            case "softbreak" | "hardbreak":
                return " "
            case "th" | "td":
                return _cell(node, self._inside(node))
            case "link":
                return html.A(self._inside(node), href=_safe(str(node.attrs.get("href", ""))))
            case "code_inline":
                return html.Code(node.content)
        return PLAIN[node.type](self._inside(node))

    def _inside(self, node: SyntaxTreeNode) -> list[Any]:
        children = node.children
        if len(children) == 1 and children[0].type == "inline":
            children = children[0].children
        return [self._element(child) for child in children]


def _words(node: SyntaxTreeNode) -> str:
    return "".join(child.content for child in node.walk() if child.type in ("text", "code_inline"))


def _cell(node: SyntaxTreeNode, inside: list[Any]) -> Any:
    """Numbers stand to the right where the document says so."""
    aligned = {"className": "n"} if "right" in str(node.attrs.get("style", "")) else {}
    return html.Th(inside, scope="col", **aligned) if node.type == "th" else html.Td(inside, **aligned)


def _safe(address: str) -> str:
    return address if address.startswith(("#", "/", "https://")) else "#"
