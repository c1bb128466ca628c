"""What every answer says about itself: no other host, no framing, no guessing of types, no keeping."""

import flask
from dash import Dash

from dashboard.static import FOLDERS

STYLES = (
    # Empty: each of the elements below before its text.
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    # The frame's own.
    "Do5Z9ZqsPvCQTUBQS9BnDm/2+on7omuzuLYk5sbA+2s=",
    # Its core components, whether a page has them or not.
    "ITR5T9OwskhdqdsliUJRmgp9ltOFAHgXe1F7eRvGnmQ=",
    "0IJGrxhCP5NUIafylLkj5118xkZH1kp5FmNio7NOckI=",
    "Z8VokGxeiKThZOEmkdUgfW+jxbvItBwAXC8M1c4wqAM=",
    "VUA+tqvhK3niMn7AdszqidMFPRh9FLqxB2iINUrsiTw=",
    "Aq43X0SlmB69maWGob4rp/UuSHhwePalkRRExtsxOJ8=",
    "SkhFDxgIcEjMhRh19uSHWrkdnAlZ9rlskgr9yLsipa8=",
    "uDiOZWps1U7E8/0BTaQrclYMhVhRVE4dT0vb5X6nXOw=",
    "+QoPrsxO0auPnxSulD3bAr9CoDGgzv7YRfYE0vfxeQI=",
    "MJs2ke1SA6Cy3tTCZu2QH0rj0r//iNqU0idy9bM4leg=",
    "X2TqJwnIiE/ceDVeAdr7v7BOWBU6CEzE6qxlNzBzvBk=",
)
"""SHA-256 of the style elements Dash 4.4.1 writes. Where one is missing the browser's console names it."""


OF_EVERYTHING = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
    ),
}
POLICY_OF_FILES = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
OVER_HTTPS = "max-age=31536000"
OF_THE_READER = "private, no-store"


def protect(app: Dash) -> None:
    policy = policy_of_pages(app)

    @app.server.after_request  # type: ignore[untyped-decorator]
    def add(response: flask.Response) -> flask.Response:
        response.headers.update(OF_EVERYTHING)
        is_page = response.mimetype == "text/html"
        response.headers["Content-Security-Policy"] = policy if is_page else POLICY_OF_FILES
        if flask.request.is_secure:
            response.headers["Strict-Transport-Security"] = OVER_HTTPS
        # What is the same for everybody is kept as `static` says.
        if response.status_code >= 400 or not flask.request.path.startswith(FOLDERS):
            response.headers["Cache-Control"] = OF_THE_READER
        return response


def policy_of_pages(app: Dash) -> str:
    """No script and no style but our own and those Dash writes, by their hash; text never becomes code."""
    scripts = " ".join(app.csp_hashes())
    styles = " ".join(f"'sha256-{digest}'" for digest in STYLES)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {scripts}",
            f"style-src 'self' {styles}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types default",
        ]
    )
