"""`delivery.json`: what a delivery says about itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.delivery import SourceError

MANIFEST = "delivery.json"
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_COUNTY = re.compile("[0-9]{2}")


@dataclass(frozen=True)
class Manifest:
    """When a delivery was extracted, for which county, and whether it is invented."""

    extracted_at: datetime
    county_number: str | None = None
    synthetic: bool = False


def read_manifest(path: Path) -> Manifest:
    """The delivery's own statement, beside the files or in the folder above; else their newest change."""
    folder = path if path.is_dir() else path.parent
    for candidate in (folder / MANIFEST, folder.parent / MANIFEST):
        if candidate.is_file():
            return _parse(candidate, path)
    return Manifest(extracted_at=_newest_change(path))


def _parse(file: Path, path: Path) -> Manifest:
    try:
        stated = json.loads(file.read_text(encoding="utf-8-sig"))
        extracted = stated.get("extracted_at")
        instant = datetime.fromisoformat(extracted) if extracted else _newest_change(path)
    except (ValueError, AttributeError, TypeError, OverflowError, RecursionError) as problem:
        raise SourceError(
            f'{file}: cannot be read. Expected {{"extracted_at": "2026-03-02T05:00:00+01:00", '
            f'"county_number": "99", "synthetic": false}}; correct or remove the file.'
        ) from problem
    if instant.tzinfo is None:
        raise SourceError(f"{file}: extracted_at has no time zone. Write it as 2026-03-02T05:00:00+01:00.")
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise SourceError(f"{file}: extracted_at is in the year {instant.year}. Correct it.")
    county = str(stated.get("county_number") or "")
    if county and not _COUNTY.fullmatch(county):
        raise SourceError(f'{file}: county_number is not two digits. Write it as "99".')
    return Manifest(instant.astimezone(UTC), county or None, stated.get("synthetic") is True)


def _newest_change(path: Path) -> datetime:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    newest = max((file.stat().st_mtime for file in files), default=path.stat().st_mtime)
    return datetime.fromtimestamp(newest, UTC)
