"""How far long work has come: a bar on a terminal, plain log lines elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

log = logging.getLogger("timerett")
SECONDS_BETWEEN_LINES = 10.0


class Progress(Protocol):
    """One piece of work at a time; the total is in whatever unit the work counts."""

    def start(self, label: str, total: int | None = None) -> None: ...

    def advance(self, amount: int = 1) -> None: ...

    def finish(self) -> None: ...


class BarProgress:
    """A bar with the time left, for a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Bars | None = None

    def start(self, label: str, total: int | None = None) -> None:
        self.finish()
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._bars.add_task(label, total=total)
        self._bars.start()

    def advance(self, amount: int = 1) -> None:
        if self._bars:
            self._bars.advance(self._bars.tasks[0].id, amount)

    def finish(self) -> None:
        if self._bars:
            self._bars.stop()
            self._bars = None


class LogProgress:
    """A line when work starts and ends, and now and then between."""

    def __init__(self) -> None:
        self._label = ""
        self._total: int | None = None
        self._done = 0
        self._started = self._told = 0.0

    def start(self, label: str, total: int | None = None) -> None:
        self.finish()
        self._label, self._total, self._done = label, total, 0
        self._started = self._told = time.monotonic()

    def advance(self, amount: int = 1) -> None:
        self._done += amount
        now = time.monotonic()
        if self._label and now - self._told >= SECONDS_BETWEEN_LINES:
            self._told = now
            log.info(
                "%s: %s%s", self._label, f"{self._done:,}", f" of {self._total:,}" if self._total else ""
            )

    def finish(self) -> None:
        if self._label:
            count = f"{self._done:,}, " if self._done else ""
            log.info("%s: %s%.1f s", self._label, count, time.monotonic() - self._started)
        self._label = ""


class NoProgress:
    """Says nothing; for tests and library use."""

    def start(self, label: str, total: int | None = None) -> None:
        pass

    def advance(self, amount: int = 1) -> None:
        pass

    def finish(self) -> None:
        pass


def progress() -> Progress:
    """A bar where standard error is a terminal, else log lines."""
    return BarProgress(Console(stderr=True)) if sys.stderr.isatty() else LogProgress()
