"""The ground truth: what was planted where, and what must follow from it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any


class Truth:
    """Collects situations and counts, and writes truth.json."""

    def __init__(self, *, schools: int, years: list[str], seed: int) -> None:
        self._head = {"synthetic": True, "schools": schools, "years": years, "seed": seed}
        self._schools: list[dict[str, Any]] = []
        self._situations: list[dict[str, Any]] = []
        self._deliveries: dict[str, dict[str, Any]] = {}

    def school(self, **facts: Any) -> None:
        self._schools.append(facts)

    def plant(
        self, situation: str, *, school_id: str, year: str, expect: dict[str, Any], **where: Any
    ) -> None:
        self._situations.append(
            {"situation": situation, "school_id": school_id, "school_year": year, **where, "expect": expect}
        )

    def delivery(self, folder: str, **facts: Any) -> None:
        self._deliveries[folder] = {
            "folder": folder, **facts, "counts": Counter(), "rows": Counter(), "dirty": {}, "dirty_keys": {}
        }  # fmt: skip

    def count(self, folder: str, what: str, number: int) -> None:
        self._deliveries[folder]["counts"][what] += number

    def rows(self, folder: str, file: str, number: int) -> None:
        self._deliveries[folder]["rows"][file] += number

    def dirty(self, folder: str, file: str, rule: str, key: str) -> None:
        entry = self._deliveries[folder]
        entry["dirty"].setdefault(file, Counter())[rule] += 1
        entry["dirty_keys"].setdefault(file, {}).setdefault(rule, []).append(key)

    def write(self, path: Path) -> None:
        found = {
            **self._head,
            "county_number": "99",
            "school_facts": self._schools,
            "deliveries": list(self._deliveries.values()),
            "situations": self._situations,
        }
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
