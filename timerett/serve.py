"""The dashboard, on this machine only unless told otherwise."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

DEFAULT_BIND = "127.0.0.1:8050"
ARRIVES_WITHIN_SECONDS = 20
TAKES_AT_MOST_SECONDS = 180


class Worker(ThreadWorker):  # type: ignore[misc]
    """Threads that no client can hold: a request that trickles in, or an answer nobody reads, is cut off.

    The library waits without end for the rest of a request that has begun; a handful of such would be all
    its threads.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._since: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        self._since[conn] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            self._since.pop(conn, None)

    def murder_pending(self) -> None:
        """Called by the library about once a second."""
        super().murder_pending()
        for conn, since in list(self._since.items()):
            held = time.monotonic() - since
            if held > TAKES_AT_MOST_SECONDS:
                _shut(conn.sock, socket.SHUT_RDWR)
            elif held > ARRIVES_WITHIN_SECONDS:
                # What was read already is answered all the same.
                _shut(conn.sock, socket.SHUT_RD)


def _shut(connection: socket.socket, how: int) -> None:
    with suppress(OSError):
        connection.shutdown(how)


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


def _make_ready(worker: Any) -> None:
    from dashboard.ready import begin  # noqa: PLC0415 - each worker opens its own connections

    begin(worker.wsgi)


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
            "worker_class": Worker,
            "timeout": 120,
            "graceful_timeout": 30,
            # Longer than one looks at a page: a click after the end of its connection may be lost.
            "keepalive": 60,
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            "limit_request_field_size": 8190,
            "loglevel": "warning",
            # Addresses of pages hold pseudonyms: should anybody turn the log of requests on, it has none.
            "accesslog": None,
            "access_log_format": "%(t)s %(m)s %(s)s %(M)sms",
            # Whether a connection came over https is for TIMERETT_TRUSTED_PROXIES to say.
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
            "post_worker_init": _make_ready,
        }
    ).run()
