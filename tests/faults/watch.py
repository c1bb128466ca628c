"""A real dashboard that is asked again and again while something goes wrong."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from tests.faults.home import COMMAND, environment

PATIENCE = 60
PAUSE = 0.5


class Watch:
    """`answers` counts what the dashboard said about its figures: the date, or what went wrong."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._address = f"127.0.0.1:{free.getsockname()[1]}"
        self.answers: Counter[str] = Counter()
        self._over = threading.Event()
        self._server = subprocess.Popen(
            [*COMMAND, "serve", "--bind", self._address, "--workers", "1"],
            env=environment(home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._asking = threading.Thread(target=self._ask_on, daemon=True)

    def __enter__(self) -> Watch:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(urllib.error.URLError):
                self._get("/readyz")
                break
            time.sleep(PAUSE)
        self._asking.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._asking.join()
        self._server.terminate()
        self._server.wait(PATIENCE)

    def ask(self) -> str:
        """The date of the figures that a table of the overview is exported with, or what went wrong."""
        try:
            return re.findall(r"\d{4}-\d{2}-\d{2}", self._get("/export/where.csv"))[0]
        except urllib.error.HTTPError as problem:
            return f"status {problem.code}"
        except OSError as problem:
            return type(problem).__name__

    def comes_to(self, date: str) -> bool:
        """Whether the dashboard, which makes new figures ready first, gets to those of a date."""
        deadline = time.monotonic() + PATIENCE
        while self.ask() != date:
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE)
        return True

    def _ask_on(self) -> None:
        while not self._over.wait(PAUSE):
            self.answers[self.ask()] += 1

    def _get(self, path: str) -> str:
        """The name of the file that comes."""
        with urllib.request.urlopen(f"http://{self._address}{path}", timeout=PATIENCE) as answer:
            answer.read()
            return str(answer.headers.get("Content-Disposition", ""))
