"""The dashboard behind its real server, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
PATIENCE = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    home: Path,
    *,
    port: int | None = None,
    workers: int = 1,
    threads: int = 4,
    log_level: str = "warning",
    ready: str = "/readyz",
    **environment: str,
) -> Iterator[str]:
    """The address of a home's dashboard, which answers by then; `ready` is what it must answer."""
    port = port or free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--log-level", log_level]
    command += ["-w", str(workers), "--threads", str(threads), "-b", f"127.0.0.1:{port}"]
    with started([*command, "dashboard.app:server"], port, ready, home, **environment) as address:
        yield address


@contextmanager
def started(
    command: list[str], port: int, ready: str, home: Path, said: IO[str] | None = None, **environment: str
) -> Iterator[str]:
    """The same for a command that listens on the port."""
    address = f"http://127.0.0.1:{port}"
    given = os.environ | {"TIMERETT_HOME": str(home)} | environment
    with subprocess.Popen(command, env=given, cwd=ROOT, stdout=said, stderr=said) as server:
        try:
            _wait(f"{address}{ready}", server)
            yield address
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(url)
