"""Who is signed in, for the rest of the request."""

import flask

from dashboard.access.sign_in.sessions import Account

_KEPT = "timerett_account"


def remember(account: Account) -> None:
    flask.g.setdefault(_KEPT, account)


def account() -> Account | None:
    """The account of this request; None where sign-in is not set up or nobody is signed in."""
    found = flask.g.get(_KEPT)
    return found if isinstance(found, Account) else None
