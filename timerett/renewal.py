"""Changing the whole state at once: everything new is made beside, then takes the old one's place.

Until the new state is whole nothing has happened; from then on the change is carried through, if need be by
the next command. Old files are replaced, never edited, so that nothing erased stays in a page nobody reads.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest import durable
from timerett import audit
from timerett.publish import forget_old, next_version, point, versions
from timerett.settings import Settings

READY = "renewal"
UNFINISHED = "renewal.unfinished"
CHANGE = "change.json"
LOG = "privacy.jsonl"
EXPORTS = "exports"
# Made from the state, and made again by the next build, download or export; may name what has been erased.
REMADE = ("dbt", "logs/dbt.log*", "spool", "fint-api", EXPORTS)
Names = dict[str, str | None]


@contextmanager
def renewed(place: Settings, names: Names, note: dict[str, Any]) -> Iterator[Settings]:
    """A place beside this one, empty; what stands in it at the end takes the place of its like.

    `names`: what becomes of pseudonyms in the audit log; None is somebody erased. `note` goes to the log
    of what was erased or changed: what was removed and how much, never of whom.
    """
    beside = replace(place, home=place.home / UNFINISHED)
    shutil.rmtree(beside.home, ignore_errors=True)
    beside.home.mkdir(parents=True, mode=0o700)
    yield beside
    for made in ("dbt", "logs"):
        shutil.rmtree(beside.home / made, ignore_errors=True)
    stamped = {"at": datetime.now(UTC).isoformat(timespec="seconds")} | note
    change = {"names": names, "note": stamped}
    durable.write_secret(beside.home / CHANGE, json.dumps(change).encode())
    for file in beside.home.rglob("*"):
        if not file.is_symlink():
            durable.settle(file)
    durable.replace(beside.home, place.home / READY)
    carry_through(place)


def carry_through(place: Settings) -> None:
    """Put a finished new state in place; the same again, where this was interrupted."""
    ready = place.home / READY
    if not ready.exists():
        return
    warehouse = ready / place.warehouse.name
    if warehouse.exists():
        # What the old warehouse had not yet taken in must not be played into the new one.
        place.warehouse.with_name(f"{place.warehouse.name}.wal").unlink(missing_ok=True)
        durable.replace(warehouse, place.warehouse)
    for file in (place.identity_store, place.erased, *place.key_files):
        new = ready / file.relative_to(place.home)
        if new.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            durable.replace(new, file)
    for new in sorted((ready / place.closed.name).glob("*")):
        # A year's file comes before its note, which alone makes it count.
        place.closed.mkdir(exist_ok=True, mode=0o700)
        durable.replace(new, place.closed / new.name)
    if (ready / place.published.name).exists():
        _publish(place, ready / place.published.name)
    for pattern in REMADE:
        for made in place.home.glob(pattern):
            _remove(made)
    change = json.loads((ready / CHANGE).read_text(encoding="utf-8"))
    audit.rename(place.logs, change["names"])
    _log(place.logs / LOG, json.dumps(change["note"]))
    # First the name that says there is something to carry through, then the rest.
    ready.rename(place.home / UNFINISHED)
    shutil.rmtree(place.home / UNFINISHED)


def _log(log: Path, line: str) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    known = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    if line not in known:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        durable.settle(log)


def _publish(place: Settings, folder: Path) -> None:
    """The new version is the only one: the earlier ones hold what was changed."""
    place.published.mkdir(exist_ok=True)
    for made in folder.glob("serving-*.duckdb"):
        durable.replace(made, next_version(place))
    newest = versions(place)[-1]
    point(place.current, newest)
    forget_old(place, keep=1)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
