"""Fifty people clicking at once, in a process of their own: `python -m bench.people ADDRESS PUBLISHED`.

Each opens a page, waits for it, looks at it for one to five seconds, and clicks on. Prints what they saw.
"""

from __future__ import annotations

import argparse
import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench.asking import Click, ask, visitor
from bench.walks import people, places

LOOKING = (1.0, 5.0)
"""Seconds between an answer and the next click, evenly."""
SEED = 20260302


class Person(threading.Thread):
    def __init__(self, address: str, walk: Iterator[Click], until: float, number: int) -> None:
        super().__init__(daemon=True)
        self.seen: list[tuple[str, float, float, str, int]] = []
        self._address, self._walk, self._until = address, walk, until
        self._chance = random.Random(number)

    def run(self) -> None:
        with visitor(self._address) as client:
            time.sleep(self._chance.uniform(0, LOOKING[1]))
            while time.time() < self._until:
                click = next(self._walk)
                started = time.time()
                answer = ask(client, click)
                found = 0
                for number, build in enumerate(BUILDS, start=1):
                    found = number if build in answer.content else found
                self.seen.append((click.label, started, answer.seconds, answer.failed, found))
                time.sleep(self._chance.uniform(*LOOKING))


BUILDS: list[bytes] = []
"""What tells publications apart in an answer: the build each page names at its foot."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("published", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--builds", nargs="*", default=[])
    given = parser.parse_args()
    BUILDS.extend(build.encode() for build in given.builds)
    until = time.time() + given.seconds
    walks = people(places(given.published), SEED)
    everyone = [Person(given.address, walk, until, number) for number, walk in enumerate(walks)]
    for person in everyone:
        person.start()
    for person in everyone:
        person.join()
    print(json.dumps([seen for person in everyone for seen in person.seen]))


if __name__ == "__main__":
    main()
