"""FINT Utdanning from the live API of a county, described by a connection file.

Pages are read into sealed files first, and handed to the FINT reader when they are all there: a run that is
cut short lands nothing and loses nothing. Source and rows are those of the dumps, so live and dumps
replace each other.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.delivery import Delivery, Kind, SourceError
from ingest.identity import identity_key
from ingest.manifest import Manifest
from ingest.sources.fint import SOURCE, read_pages
from ingest.sources.fint_api.connection import Connection, read_connection, read_secrets
from ingest.sources.fint_api.kept import SealedPart, parts_of
from ingest.sources.fint_api.memory import read_memory, remember
from ingest.sources.fint_api.resources import changing_with
from ingest.sources.fint_api.run import Download, download
from ingest.sources.fint_api.vault import Vault

if TYPE_CHECKING:
    from ingest.identity import Pseudonyms
    from ingest.progress import Progress

FOLDER = "fint-api"

log = logging.getLogger("timerett")


def read_all(
    path: Path,
    *,
    pseudonyms: Pseudonyms,
    home: Path,
    keys: Path,
    has_landed: Callable[[str, datetime], bool],
    kind: Kind = "full",
    check: bool = False,
    progress: Progress | None = None,
    spool: Path | None = None,
) -> Iterator[Delivery]:
    """Read the API the file describes. A delta is two deliveries: what came whole, then the changes.

    When the last has been taken and the next is asked for, all have landed, and the run is remembered.
    Where landing refuses one, what was read is dropped: it is the source that must change.
    """
    connection = read_connection(path)
    secrets = read_secrets(path, connection)
    vault = _vault(connection, home, keys)
    memory = read_memory(vault)
    if memory and not has_landed(SOURCE, memory.started_at):
        log.info("FINT: the last run is not in this warehouse, so it is not gone on from.")
        memory = None
    found = download(connection, secrets, vault, kind=kind, memory=memory, progress=progress)
    manifest = Manifest(found.run.started_at, connection.county_number, connection.synthetic)
    try:
        for pages, of_kind in _parts(found):
            yield read_pages(
                pages, manifest=manifest, pseudonyms=pseudonyms, kind=of_kind, progress=progress, spool=spool
            )
    except (SourceError, GeneratorExit):
        found.folder.clear()
        raise
    if not check:
        remember(vault, found.run.started_at, found.run.done, found.memory)
    found.folder.clear()


def _vault(connection: Connection, home: Path, keys: Path) -> Vault:
    """The folder of this connection and no other, sealed with a key made of the identity key."""
    parts = (connection.county_number, connection.base_url.rstrip("/"), connection.org_id or "")
    fingerprint = hashlib.sha256("\x00".join(parts).encode()).hexdigest()
    key = identity_key(keys, create=True)
    if key is None:
        raise SourceError("There is no identity key, with which pages are kept. See docs/operations.md.")
    return Vault(home / FOLDER / f"{connection.county_number}-{fingerprint[:8]}", key, fingerprint)


def _parts(found: Download) -> list[tuple[list[SealedPart], Kind]]:
    """The pages of what came whole; and where there are changes, these with what they link to."""
    whole: list[SealedPart] = []
    changes: list[SealedPart] = []
    for path, done in found.run.done.items():
        pages = parts_of(found.folder, path, done)
        if done.kind == "delta":
            changes += pages if done.entries else []
            continue
        whole += pages
        # Links are resolved within a delivery.
        changes += [] if changing_with(path) else pages
    changed = any(done.kind == "delta" and done.entries for done in found.run.done.values())
    return [(whole, "full"), (changes, "delta")] if changed else [(whole, "full")]
