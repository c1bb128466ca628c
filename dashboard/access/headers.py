"""What every answer says about itself: no other host, no framing, no guessing of types."""

import flask
from dash import Dash


def protect(app: Dash) -> None:
    hashes = " ".join(app.csp_hashes())
    policy = "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {hashes}",
            # The chart library writes one style element of its own and sets style attributes.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )

    @app.server.after_request  # type: ignore[untyped-decorator]
    def add(response: flask.Response) -> flask.Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if not flask.request.path.startswith(("/assets/", "/_dash-component-suites/")):
            response.headers["Cache-Control"] = "private, no-store"
        return response
