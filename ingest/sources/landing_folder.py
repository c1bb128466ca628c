"""The landing contract as a source: a folder with one CSV or Parquet file per table."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from ingest.contract import TABLES
from ingest.delivery import Delivery, Kind, Part, Parts, SourceError
from ingest.identity import Pseudonyms
from ingest.manifest import MANIFEST, read_manifest
from ingest.plain import listed
from ingest.progress import NoProgress, Progress
from ingest.sources.delimited import scout
from ingest.validation import column_complaint

SUFFIXES = (".csv", ".parquet")
_PLAIN = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Null)


def read(
    path: Path,
    *,
    pseudonyms: Pseudonyms,
    kind: Kind = "full",
    progress: Progress | None = None,
    spool: Path | None = None,
) -> Delivery:
    """Read every table of the folder; keys come pseudonymised and are kept as they are."""
    files = _table_files(path)
    manifest = read_manifest(path)
    told = progress or NoProgress()
    told.start(f"Reading {path.name}", sum(file.stat().st_size for file in files))
    parts: Parts = {}
    digest = hashlib.sha256()
    complaints: list[str] = []
    for file in files:
        try:
            part, fingerprint = _part(file)
            parts[file.stem] = [part]
            digest.update(f"{file.name} {fingerprint}\n".encode())
        except SourceError as problem:
            complaints.append(str(problem))
        told.advance(file.stat().st_size)
    told.finish()
    if complaints:
        raise SourceError("\n".join([*complaints, "Nothing has landed; correct the files."]))
    return Delivery(
        source="landing",
        kind=kind,
        extracted_at=manifest.extracted_at,
        parts={table: parts[table] for table in TABLES if table in parts},
        digest=digest.hexdigest(),
        county_number=manifest.county_number,
        files=[file.name for file in files],
        synthetic=manifest.synthetic,
    )


def _table_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise SourceError(
            f"{folder}: not a folder. Expected one <table>.csv or <table>.parquet per table in it."
        )
    entries = sorted(
        entry for entry in folder.iterdir() if not entry.name.startswith(".") and entry.name != MANIFEST
    )
    unknown = [entry.name for entry in entries if entry.suffix not in SUFFIXES or entry.stem not in TABLES]
    if unknown:
        raise SourceError(
            f"{folder}: {listed(unknown)}: not a landing table. Expected <table>.csv or "
            f"<table>.parquet with <table> one of {', '.join(TABLES)}. Rename or remove it."
        )
    twice = sorted(
        {entry.stem for entry in entries if sum(other.stem == entry.stem for other in entries) > 1}
    )
    if twice:
        raise SourceError(
            f"{folder}: {', '.join(twice)}: both CSV and Parquet. Keep one of them; nothing has landed."
        )
    if not entries:
        raise SourceError(f"{folder}: holds no table. Expected <table>.csv or <table>.parquet.")
    return entries


def _part(file: Path) -> tuple[Part, str]:
    """The file as it lies, and its hash; its rows are read when they land."""
    if file.suffix == ".csv":
        scouted = scout(file, lambda header: _check_columns(file, header))
        return Part(max(scouted.text.lines - 1, 0), text=scouted.text), scouted.digest
    try:
        schema = pl.read_parquet_schema(file)
        rows = int(pl.scan_parquet(file).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise SourceError(f"{file.name}: not a readable Parquet file.") from problem
    _check_columns(file, list(schema))
    odd = [name for name, dtype in schema.items() if not (dtype.is_numeric() or dtype in _PLAIN)]
    if odd:
        raise SourceError(
            f"{file.name}: columns {listed(odd)} hold lists, structures, bytes or spans of time. "
            "Expected texts, numbers, dates, times with a zone or truth; write the file again."
        )
    with file.open("rb") as handle:
        return Part(rows, file=file, name=file.name), hashlib.file_digest(handle, "sha256").hexdigest()


def _check_columns(file: Path, header: list[str]) -> None:
    complaint = column_complaint(file.stem, header)
    if complaint:
        raise SourceError(f"{file.name}: {complaint}")
    if len(set(header)) < len(header):
        raise SourceError(f"{file.name}: a column stands twice in the first line.")
