"""Who is signed in, in which role, and the way out."""

from collections.abc import Sequence

from dashboard.access.sign_in.pages import hidden
from dashboard.access.sign_in.sessions import Account
from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.text import Text


def account_block(
    account: Account | None, roles: Sequence[tuple[str, str]], role: str, text: Text
) -> html.Div | None:
    """Forms of their own, sent to the server without a script; each carries the session's own token."""
    if account is None:
        return None
    return html.Div(
        [
            html.Span(account.name or text("account.unnamed"), className="who"),
            _role(account, roles, role, text),
            html.Form(
                [
                    hidden("lang", text.language),
                    html.Button(text("account.sign_out"), type="submit", name="csrf", value=account.csrf),
                ],
                action="/sign-in/out",
                method="post",
            ),
        ],
        className="account",
        role="group",
        **aria(label=text("account.label")),
    )


def _role(
    account: Account, roles: Sequence[tuple[str, str]], role: str, text: Text
) -> html.Form | html.Span | None:
    if not roles:
        return None
    if len(roles) == 1:
        return html.Span(roles[0][1], className="role")
    return html.Form(
        [
            hidden("lang", text.language),
            html.Label(
                [
                    html.Span(text("account.role")),
                    html.Select(
                        [html.Option(label, value=key, selected=key == role) for key, label in roles],
                        name="grant",
                        disable_n_clicks=True,
                    ),
                ],
                className="choice",
            ),
            html.Button(text("account.change"), type="submit", name="csrf", value=account.csrf),
        ],
        action="/sign-in/role",
        method="post",
    )
