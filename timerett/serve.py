"""The dashboard, on this machine only unless told otherwise."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

DEFAULT_BIND = "127.0.0.1:8050"


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with its options from here rather than from a command line."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from dashboard.app import server  # noqa: PLC0415 - each worker opens its own connections

        return server


def serve(bind: str = DEFAULT_BIND, workers: int = 2) -> None:
    """Serve until stopped."""
    from dashboard.access.sign_in.config import configured  # noqa: PLC0415 - only the server needs it

    # Told here, in words, rather than by each worker as it fails to start.
    configured()
    _Server(
        {
            "bind": bind,
            "workers": workers,
            "threads": 4,
            "worker_class": "gthread",
            "timeout": 120,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
    ).run()
