"""What the next run must know: how far each resource was read, and which entries it had."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl
from msgspec import Struct

from ingest.sources.fint_api.ids import distinct, packed, unpacked
from ingest.sources.fint_api.kept import FORMAT, Done
from ingest.sources.fint_api.vault import Vault

_FILE = "memory.sealed"


class Known(Struct):
    """A resource as of the last run that landed."""

    go_on_from: int | None
    entries: int
    ids: bytes

    def with_changes(self, done: Done) -> pl.Series:
        return distinct([unpacked(self.ids), unpacked(done.ids)])


class Memory(Struct):
    """The last run that landed."""

    started_at: datetime
    resources: dict[str, Known]
    format: int = FORMAT


def read_memory(vault: Vault) -> Memory | None:
    """None before the first run, and where the file is of another key, connection or version."""
    found = vault.read(_FILE, Memory)
    return found if found and found.format == FORMAT else None


def remember(vault: Vault, started_at: datetime, done: Mapping[str, Done], before: Memory | None) -> None:
    """After landing, never before: what did not land is asked for again."""
    resources = {}
    for path, one in done.items():
        if one.kind == "full" or before is None:
            resources[path] = Known(one.go_on_from, one.entries, one.ids)
        else:
            ids = before.resources[path].with_changes(one)
            resources[path] = Known(one.go_on_from, len(ids), packed(ids))
    vault.write(_FILE, Memory(started_at, resources))
