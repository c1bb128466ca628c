"""Somebody between the dashboard and the provider, who passes everything on and alters one thing."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2

Alter = Callable[[dict[str, Any]], dict[str, Any]]
_LEFT_OUT = {"transfer-encoding", "connection", "content-encoding", "content-length", "keep-alive"}


@dataclass
class Attacker:
    """`alters` holds, by path, what is done to the JSON that comes back; `down` paths get no answer."""

    port: int
    alters: dict[str, Alter] = field(default_factory=dict)
    passing_time: Alter | None = None
    """How the provider's tokens look when its clock moves along with the dashboard's."""
    down: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and form of every request."""

    def rest(self) -> None:
        self.alters.clear()
        self.passing_time = None
        self.down.clear()
        self.asked.clear()

    def count(self, path: str) -> int:
        return sum(asked[1] == path for asked in self.asked)


@contextmanager
def between(attacker: Attacker, provider_port: int) -> Iterator[Attacker]:
    """The attacker on a port in front of the provider."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass_on(b"")

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _pass_on(self, body: bytes) -> None:
            path = self.path.partition("?")[0]
            attacker.asked.append((self.command, path, body.decode()))
            if path in attacker.down or "*" in attacker.down:
                self.close_connection = True
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            answer = passing.request(
                self.command,
                f"http://127.0.0.1:{provider_port}{self.path}",
                headers=headers,
                content=body,
            )
            content = answer.content
            alters = [attacker.alters.get(path), attacker.passing_time if path == "/token" else None]
            if any(alters):
                said = answer.json()
                for alter in filter(None, reversed(alters)):
                    said = alter(said)
                content = json.dumps(said).encode()
            self.send_response(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name.lower() not in _LEFT_OUT:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    passing = httpx2.Client(timeout=20)
    server = ThreadingHTTPServer(("127.0.0.1", attacker.port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield attacker
    finally:
        server.shutdown()
        server.server_close()
        passing.close()
