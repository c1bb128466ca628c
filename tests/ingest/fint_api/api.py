"""A FINT API over real sockets: serves a county's dumps with tokens and pages, and misbehaves on demand."""

from __future__ import annotations

import base64
import gzip
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CLIENT_ID, CLIENT_SECRET = "county-client", "p4ss-of-the-client"
USERNAME, PASSWORD = "timerett@client.example", "p4ss-of-the-user"
_ID = re.compile(rb'"(?:systemId|fodselsnummer)":\{"identifikatorverdi":"([^"]*)"\}')


@dataclass
class Entry:
    id: str
    text: bytes
    changed: int


@dataclass
class Asked:
    """One request, as it came."""

    path: str
    query: dict[str, int]
    headers: dict[str, str]


@dataclass
class Api:
    """The county behind the API: entries in the order they were last changed."""

    resources: dict[str, list[Entry]] = field(default_factory=dict)
    last_updated: dict[str, int] = field(default_factory=dict)
    now: int = 1_700_000_000_000
    clock: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def load(self, folder: Path) -> None:
        """Become the county of the dumps; what is new or different has changed, what is gone is gone."""
        self.now += 60_000
        self.clock = datetime.fromisoformat(
            json.loads((folder / "delivery.json").read_text())["extracted_at"]
        )
        for file in sorted(folder.rglob("*.json")):
            if file.name != "delivery.json":
                self._load(f"{file.parent.name.replace('.', '/')}/{file.stem}", file)

    def _load(self, path: str, file: Path) -> None:
        lines = file.read_bytes().split(b"\n")[1:-2]
        texts = [line.rstrip(b",") for line in lines if line.startswith(b"{")]
        before = {entry.text: entry for entry in self.resources.get(path, [])}
        entries = [before.get(text) or Entry(_id(text), text, self._later()) for text in texts]
        if [entry.text for entry in entries] == [entry.text for entry in self.resources.get(path, [])]:
            return
        self.resources[path] = sorted(entries, key=lambda entry: entry.changed)
        self.last_updated[path] = self.now

    def _later(self) -> int:
        self.now += 1
        return self.now

    def touch(self, path: str, place: int, *, told: bool = True) -> None:
        """An entry is written again: it moves to the end of the list."""
        entry = self.resources[path].pop(place)
        self.resources[path].append(Entry(entry.id, entry.text, self._later()))
        if told:
            self.last_updated[path] = self.now

    def remove(self, path: str, place: int) -> Entry:
        self.last_updated[path] = self._later()
        return self.resources[path].pop(place)

    def add(self, path: str, text: bytes) -> None:
        self.resources.setdefault(path, []).append(Entry(_id(text), text, self._later()))
        self.last_updated[path] = self.now


def _id(text: bytes) -> str:
    found = _ID.search(text)
    return found[1].decode() if found else ""


Fault = Callable[["Handler"], bool]


class Server(ThreadingHTTPServer):
    """`faults` see each request first, in order; one that returns True has answered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.api = Api()
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.tokens: dict[str, float] = {}
        self.granted: list[dict[str, str]] = []
        self.token_seconds: float = 3600
        self.zipped = False
        self.lock = threading.RLock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def paths(self, ending: str = "") -> list[str]:
        return [asked.path for asked in self.asked if asked.path.endswith(ending)]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server
    path_asked: str
    query: dict[str, int]

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        given = {name: values[0] for name, values in parse_qs(form).items()}
        self.path_asked, self.query = "token", {}
        with self.server.lock:
            self.server.asked.append(Asked("token", {}, dict(self.headers)))
        if any(fault(self) for fault in list(self.server.faults)):
            return
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        known = self.headers.get("authorization") == f"Basic {basic}" or (
            given.get("client_id"),
            given.get("client_secret"),
        ) == (CLIENT_ID, CLIENT_SECRET)
        if given.get("grant_type") == "password":
            known = known and (given.get("username"), given.get("password")) == (USERNAME, PASSWORD)
        if not known:
            self.send(401, {"error": "invalid_client", "error_description": f"no {CLIENT_SECRET} today"})
            return
        with self.server.lock:
            token = f"secret-token-{len(self.server.granted) + 1}"
            self.server.granted.append(given)
            self.server.tokens[token] = time.monotonic() + self.server.token_seconds
        self.send(
            200, {"access_token": token, "expires_in": self.server.token_seconds, "token_type": "Bearer"}
        )

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.path_asked = parts.path.strip("/")
        self.query = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
        with self.server.lock:
            self.server.asked.append(Asked(self.path_asked, self.query, dict(self.headers)))
            faults = list(self.server.faults)
        if any(fault(self) for fault in faults):
            return
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        if time.monotonic() > self.server.tokens.get(token, 0):
            self.send(401, {"error": "invalid_token"})
            return
        self.answer()

    def answer(self) -> None:
        """As FINT does when all is well."""
        api = self.server.api
        with self.server.lock:
            resource = self.path_asked.removesuffix("/last-updated").removesuffix("/cache/size")
            if resource not in api.resources:
                self.send(404, {"message": "no such resource"})
            elif self.path_asked.endswith("/last-updated"):
                self.send(200, {"lastUpdated": str(api.last_updated[resource])})
            elif self.path_asked.endswith("/cache/size"):
                self.send(200, {"size": len(api.resources[resource])})
            else:
                self.send_bytes(200, self.page())

    def page(self, **instead: Any) -> bytes:
        """A page in HAL form; as FINT's, its total counts all entries and its links forget sinceTimeStamp."""
        entries = self.server.api.resources[self.path_asked]
        total = len(entries)
        if since := self.query.get("sinceTimeStamp", 0):
            entries = [entry for entry in entries if entry.changed >= since]
        offset, size = self.query.get("offset", 0), self.query.get("size", 0)
        if size:
            entries = entries[offset : offset + size]
        address = f"{self.server.url}/{self.path_asked}"
        links: dict[str, Any] = {"self": [{"href": f"{address}?offset={offset}&size={size}"}]}
        if size and offset + size < total:
            links["next"] = [{"href": f"{address}?offset={offset + size}&size={size}"}]
        rest = {"_links": links, "total_items": total, "offset": offset, "size": len(entries)} | instead
        listed = b",".join(entry.text for entry in entries)
        tail = json.dumps({name: value for name, value in rest.items() if value is not None})
        return b'{"_embedded":{"_entries":[' + listed + b"]}," + tail.encode()[1:]

    def send(self, status: int, content: Any, **headers: str) -> None:
        self.send_bytes(status, json.dumps(content).encode(), **headers)

    def send_bytes(
        self, status: int, body: bytes, *, kind: str = "application/json", promised: int = 0, **headers: str
    ) -> None:
        """`promised` is a length that the body does not keep."""
        if self.server.zipped and "gzip" in self.headers.get("accept-encoding", ""):
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        self.send_response_only(status)
        self.send_header("Date", format_datetime(self.server.api.clock.astimezone(UTC), usegmt=True))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(promised or len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        if promised:
            self.hang_up()

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
