"""The folders of the deliveries: every extract holds all that was known on its morning."""

from __future__ import annotations

import json
import random
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TextIO

from ingest.synthetic.calendar import early_morning
from ingest.synthetic.feed import Feed
from ingest.synthetic.hal import ResourceFile
from ingest.synthetic.report_writer import ENCODINGS, HEADERS
from ingest.synthetic.schools import COUNTY_NUMBER
from ingest.synthetic.truth import Truth

MANIFEST = "delivery.json"


class DeliveryWriter:
    """One delivery's open files; schools are appended one after the other."""

    def __init__(self, directory: Path, number: int, day: date, seed: int, truth: Truth) -> None:
        self.day = day
        self.morning = day.toordinal()
        self.folder = f"{number:02d}-{day.isoformat()}"
        self._path = directory / self.folder
        self._truth = truth
        self._rng = random.Random(f"{seed}:{self.folder}")
        self._files = ExitStack()
        self._resources: dict[str, ResourceFile] = {}
        self._reports: dict[str, TextIO] = {}
        truth.delivery(self.folder, extracted_at=early_morning(day).isoformat())

    def open(self) -> None:
        for name in ("fint", "reports"):
            (self._path / name).mkdir(parents=True, exist_ok=True)
            manifest = {
                "extracted_at": early_morning(self.day).isoformat(),
                "county_number": COUNTY_NUMBER,
                "synthetic": True,
            }
            (self._path / name / MANIFEST).write_text(json.dumps(manifest) + "\n", encoding="utf-8")
        (self._path / MANIFEST).write_text(json.dumps(manifest) + "\n", encoding="utf-8")

    def append(self, feed: Feed) -> None:
        """Write what of the feed was known, the bad rows among the good ones."""
        for file in feed.rows:
            rows = feed.known(file, self.morning)
            for bad in feed.known_bad(file, self.morning) if rows else ():
                # Never the last row: a file cut short is another matter than a bad row.
                rows.insert(self._rng.randrange(len(rows)), bad.text)
                self._truth.dirty(self.folder, file, bad.rule, bad.key)
            self.append_rows(file, rows)

    def append_rows(self, file: str, rows: list[str]) -> None:
        if not rows:
            return
        self._truth.rows(self.folder, file, len(rows))
        if file.endswith(".csv"):
            self._report(file).write("\n".join(rows) + "\n")
        else:
            self._resource(file).write(rows)

    def close(self) -> None:
        self._files.close()

    def _resource(self, file: str) -> ResourceFile:
        if file not in self._resources:
            self._resources[file] = self._files.enter_context(ResourceFile(self._path / "fint" / file))
        return self._resources[file]

    def _report(self, file: str) -> TextIO:
        if file not in self._reports:
            path = self._path / "reports" / file
            opened = path.open("w", encoding=ENCODINGS.get(file, "utf-8"), newline="\n")
            opened.write(HEADERS[file] + "\n")
            self._reports[file] = self._files.enter_context(opened)
        return self._reports[file]
