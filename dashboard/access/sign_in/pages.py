"""The pages of signing in: written on the server, readable without a script."""

from html import escape
from typing import Any

import flask

from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.markup import Markup, written
from dashboard.text import LANGUAGES, Text

FRAME = """<!DOCTYPE html>
<html lang="{language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">{onward}
    <title>{title} · timerett</title>
    <link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/assets/style.css">
    <link rel="stylesheet" href="/assets/sign_in.css">
  </head>
  <body>{body}</body>
</html>
"""


def page(
    kind: str,
    text: Text,
    status: int,
    *,
    actions: list[Any],
    languages: dict[str, str] | None = None,
    onward: str | None = None,
    **values: str,
) -> flask.Response:
    """One message: what happened, and what to do. `onward`: where the browser goes by itself."""
    main = html.Main(
        [
            html.H1(text(f"sign_in.{kind}.title", **values), id="heading"),
            html.P(text(f"sign_in.{kind}.text", **values)),
            html.P(text(f"sign_in.{kind}.do", **values), className="do"),
            html.Div(actions, className="actions") if actions else None,
        ],
        id="main",
        className="state",
    )
    head = html.Header(
        [html.Span("timerett", className="brand"), _languages(text, languages)], className="top"
    )
    foot = html.Footer(html.P(text("shell.about")))
    going_on = f'\n    <meta http-equiv="refresh" content="1; url={escape(onward)}">' if onward else ""
    content = FRAME.format(
        language=text.language,
        onward=going_on,
        title=escape(text(f"sign_in.{kind}.title", **values)),
        body=written(html.Div([head, main, foot], id="page", className="page sign-in")),
    )
    return flask.Response(content, status=status, content_type="text/html; charset=utf-8")


def way(label: str, address: str, *, first: bool = True) -> html.A:
    """A link that looks like what it is for: the one thing to do, or another."""
    return html.A(label, href=address, className="button" if first else "button quiet")


def sign_out(text: Text, csrf: str) -> html.Form:
    return html.Form(
        html.Button(
            text("account.sign_out"), type="submit", name="csrf", value=csrf, className="button quiet"
        ),
        action="/sign-in/out",
        method="post",
    )


def hidden(name: str, value: str) -> Markup:
    return Markup("input", {"type": "hidden", "name": name, "value": value}, "")


def _languages(text: Text, addresses: dict[str, str] | None) -> html.Nav | None:
    if not addresses:
        return None
    links = [
        html.Li(
            html.A(
                name,
                href=addresses[code],
                lang=code,
                **(aria(current="true") if code == text.language else {}),
            )
        )
        for code, name in LANGUAGES.items()
    ]
    return html.Nav(html.Ul(links), **aria(label=text("shell.language")))
