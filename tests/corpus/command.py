"""The command as a person runs it, with what it said and the most memory it held.

The process tells its peak itself: what `wait` tells begins with the memory of the process it was forked from.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SECONDS = 180
_CODE = """
import atexit, pathlib, resource, sys
from timerett.cli import main

def tell(file):
    own = pathlib.Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    pathlib.Path(file).write_text(str(max(int(own), children)))

atexit.register(tell, sys.argv.pop(1))
main()
"""


@dataclass(frozen=True)
class Ended:
    """How a process ended; the peak is that of the largest process among it and its children."""

    code: int
    said: str
    peak: int


def run(home: Path, *arguments: object, meanwhile: Callable[[], None] | None = None) -> Ended:
    with tempfile.TemporaryFile() as said, tempfile.NamedTemporaryFile() as peak:
        called = [sys.executable, "-c", _CODE, peak.name, *map(str, arguments)]
        environment = os.environ | {"TIMERETT_HOME": str(home)}
        process = subprocess.Popen(called, env=environment, stdout=said, stderr=said)
        if meanwhile:
            meanwhile()
        code = process.wait(timeout=SECONDS)
        said.seek(0)
        return Ended(code, said.read().decode(errors="replace"), int(peak.read() or 0) << 10)
