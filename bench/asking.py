"""A reader of the dashboard without a screen: what a browser sends for a click, and what a page answers."""

from __future__ import annotations

import gzip
import os
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import brotli
import httpx
from backports import zstd

CALLBACK = "/_dash-update-component"
CSRF_COOKIE, CSRF_HEADER = "_csrf_token", "X-CSRFToken"
IDLE_SECONDS, IDLE_WITHIN = 0.15, 5.0
"""Workers that have used less of the processor than this, within so long, do nothing of their own accord."""
UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}
BROKEN = (b"state-failed", b"state-unreadable", b"state-unpublished", b"state-signed_out")


@dataclass(frozen=True)
class Click:
    """A page as one role, or a file of it."""

    path: str
    role: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def search(self) -> str:
        return "?" + urlencode({"role": self.role, **self.more})

    @property
    def label(self) -> str:
        parts = self.path.strip("/").split("/")
        page = "overview" if parts == [""] else "student" if len(parts) > 2 else parts[0]
        return f"{page}, {self.role}"


@dataclass(frozen=True)
class Answer:
    seconds: float
    size: int
    """Bytes as they came, compressed."""
    content: bytes
    failed: str
    """Why, where it did."""


def ask(client: httpx.Client, click: Click) -> Answer:
    """What a click costs until the whole answer is there. Files are fetched, pages asked for."""
    started = time.perf_counter()
    if click.path.startswith("/export/"):
        request = client.build_request("GET", click.path + click.search)
    else:
        token = client.cookies.get(CSRF_COOKIE)
        inputs = {"pathname": click.path, "search": click.search}
        payload = {
            "output": "content.children",
            "outputs": {"id": "content", "property": "children"},
            "inputs": [{"id": "address", "property": name, "value": value} for name, value in inputs.items()],
            "changedPropIds": ["address.pathname"],
        }
        around = {CSRF_HEADER: token} if token else {}
        request = client.build_request("POST", CALLBACK, json=payload, headers=around)
    try:
        answer = client.send(request, stream=True)
        raw = b"".join(answer.iter_raw())
    except httpx.HTTPError as error:
        return Answer(time.perf_counter() - started, 0, b"", type(error).__name__)
    seconds = time.perf_counter() - started
    content = _unpacked(raw, answer.headers.get("Content-Encoding", ""))
    state = next((state.decode() for state in BROKEN if state in content), "")
    failed = state if answer.status_code == 200 else f"status {answer.status_code}"
    return Answer(seconds, len(raw), content, failed)


def _unpacked(raw: bytes, encoding: str) -> bytes:
    return UNPACKERS[encoding](raw) if encoding else raw


@contextmanager
def visitor(address: str) -> Iterator[httpx.Client]:
    """A browser that has opened the front page: its cookies, its connection, its headers."""
    around = {
        "Accept-Encoding": "gzip, deflate, br, zstd",
        "Origin": address,
        "Sec-Fetch-Site": "same-origin",
    }
    with httpx.Client(base_url=address, timeout=60, headers=around) as client:
        client.get("/")
        yield client


@dataclass(frozen=True)
class Served:
    """The real server, as `timerett serve` starts it."""

    address: str
    process: int

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text(encoding="ascii")
        return [int(number) for number in children.split()]

    def processor_seconds(self) -> float:
        """What the workers have used so far."""
        tick = os.sysconf("SC_CLK_TCK")
        spent = 0.0
        for worker in self.workers():
            fields = Path(f"/proc/{worker}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            spent += (int(fields[11]) + int(fields[12])) / tick
        return spent

    def wait_until_idle(self) -> None:
        """Until the workers have made ready what they make when they start."""
        before, now = -1.0, self.processor_seconds()
        while now - before > IDLE_SECONDS:
            time.sleep(IDLE_WITHIN)
            before, now = now, self.processor_seconds()

    def megabytes(self) -> float:
        """Memory the workers hold together."""
        held = 0
        for worker in self.workers():
            lines = Path(f"/proc/{worker}/status").read_text(encoding="ascii").splitlines()
            held += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
        return held / 1024

    def holds_open(self, file: Path) -> bool:
        """Whether a worker still has the file open."""
        links = [link for worker in self.workers() for link in Path(f"/proc/{worker}/fd").iterdir()]
        return any(str(file) in _target(link) for link in links)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


@contextmanager
def served(home: Path, workers: int = 2) -> Iterator[Served]:
    """Until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    start = "from timerett.cli import main; main()"
    command = [sys.executable, "-c", start, "serve", "--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    with subprocess.Popen(command, env=os.environ | {"TIMERETT_HOME": str(home)}) as server:
        try:
            _wait(address)
            yield Served(address, server.pid)
        finally:
            server.send_signal(signal.SIGTERM)


def _wait(address: str) -> None:
    for _ in range(240):
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.25)
    raise TimeoutError(address)
