"""What every spoiled FINT dump is made with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.corpus.case import (
    Case,
    Form,
    Harmed,
    Outcome,
    whole,
)
from tests.corpus.good_fint import file_of, write
from tests.corpus.text import (
    Bytes,
)

FORM = Form("FINT", "fint", write)
ABSENCE, LESSON, ACTIVITY = "fravarsregistrering", "time", "aktivitetsfravar"
# The entry that is spoiled, counted from one.
SPOILED = 3
LARGE = "9" * 400


def spoiled_bytes(
    resource: str, mutation: str, change: Bytes, ends: frozenset[Outcome], harmed: Harmed | None = None
) -> Case:
    name = file_of(resource)

    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(change((folder / name).read_bytes()))

    return Case(FORM, f"{resource}, {mutation}", spoil, ends, harmed or whole(name), name)


def page_of(
    mutation: str,
    change: Callable[[Any], Any],
    ends: frozenset[Outcome],
    harmed: Harmed | None = None,
    resource: str = ABSENCE,
) -> Case:
    def on_text(content: bytes) -> bytes:
        return json.dumps(change(json.loads(content))).encode()

    return spoiled_bytes(resource, mutation, on_text, ends, harmed)
