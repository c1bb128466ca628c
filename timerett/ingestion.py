"""From a source's files to landing: read, land, remember the names, tell what became of every row."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ingest.delivery import Delivery, Kind, SourceError
from ingest.erased import Erased
from ingest.erased import read as read_erased
from ingest.erased import write as write_erased
from ingest.identity import IdentityStore, Pseudonyms, identity_key, pseudonym_key
from ingest.landing import BatchStoppedError, Landed, land
from ingest.plain import plain
from ingest.privacy import masked
from ingest.progress import progress
from ingest.sources.ordinary import must_be_ordinary
from ingest.sources.profile import home_profiles
from timerett.errors import WrongUseError
from timerett.lock import exclusive, sweep
from timerett.settings import Settings, settings
from timerett.warehouse import connect

MOST_UNREAD = 50
SOURCES = {
    "landing": "ingest.sources.landing_folder",
    "fint": "ingest.sources.fint",
    "fint-api": "ingest.sources.fint_api",
    "report": "ingest.sources.report",
    "oneroster": "ingest.sources.oneroster",
    "sheet": "ingest.sources.workbook",
}


def ingest(
    source: str, path: Path, *, delta: bool, check: bool, out: Console, profile: Path | None = None
) -> None:
    """Read a delivery and land it, or with `check` only tell what would become of it."""
    place = settings()
    kind: Kind = "delta" if delta else "full"
    with exclusive(place.home, "ingest"):
        try:
            _ingest(source, path, kind, place, check=check, out=out, profile=profile)
        finally:
            sweep(place.home)


def _ingest(
    source: str,
    path: Path,
    kind: Kind,
    place: Settings,
    *,
    check: bool,
    out: Console,
    profile: Path | None,
) -> None:
    extracted_at = None
    may_not_return(place)
    try:
        for delivery in read(source, path, kind, place, profile, check=check):
            extracted_at = delivery.extracted_at
            with connect(place.warehouse) as connection:
                landed = land(
                    connection, delivery, check=check, progress=progress(), erased=may_not_return(place)
                )
            if not check:
                remember_names(place, delivery)
            tell(landed, delivery, check=check, out=out)
    except (SourceError, BatchStoppedError) as problem:
        if not check:
            remember_failure(place, source, path, extracted_at, problem)
        raise


def read(
    source: str, path: Path, kind: Kind, place: Settings, profile: Path | None = None, *, check: bool = False
) -> Iterable[Delivery]:
    if source not in SOURCES:
        raise WrongUseError(f"{source}: no such source. Expected one of {', '.join(SOURCES)}.")
    must_be_ordinary(path)
    module = importlib.import_module(SOURCES[source])
    pseudonyms = Pseudonyms(pseudonym_key(place.keys))
    several = hasattr(module, "read_all")
    made = (module.read_all if several else module.read)(
        path,
        pseudonyms=pseudonyms,
        kind=kind,
        progress=progress(),
        spool=place.home / "spool",
        **own_profiles(source, place, profile),
        **(live_reading(place, check=check) if source == "fint-api" else {}),
        **({"landed": lambda: connect(place.warehouse)} if source == "sheet" else {}),
    )
    return made if several else [made]


def own_profiles(source: str, place: Settings, given: Path | None) -> dict[str, Any]:
    """The profile named on the command line, else those in the home's folder `profiles`."""
    if source != "report":
        if given:
            raise WrongUseError("--profile is for reports: timerett ingest report FILE --profile PROFILE")
        return {}
    if given:
        return {"profiles": [given], "only": True}
    return {"profiles": home_profiles(place.home / "profiles")}


def live_reading(place: Settings, *, check: bool) -> dict[str, Any]:
    """What a source that reads a live API must know of this installation."""

    def has_landed(source: str, extracted_at: datetime) -> bool:
        # The warehouse may have been restored, or begun anew, since the source last read.
        with connect(place.warehouse) as connection:
            sql = "SELECT 1 FROM landing.batch WHERE source = ? AND extracted_at = ?"
            return bool(connection.execute(sql, [source, extracted_at]).fetchall())

    return {"home": place.home, "keys": place.keys, "check": check, "has_landed": has_landed}


def may_not_return(place: Settings) -> Erased:
    """Who was erased. The file is there from the first ingest on: a wrong pseudonym key is found by it."""
    key = pseudonym_key(place.keys)
    if not place.erased.exists():
        write_erased(place.erased, key, Erased())
    return read_erased(place.erased, key)


def remember_names(place: Settings, delivery: Delivery) -> None:
    key = identity_key(place.keys, create=True) if delivery.persons else None
    if key:
        erased = may_not_return(place).students
        persons = [person for person in delivery.persons if person.key not in erased]
        IdentityStore(place.identity_store, key).remember(persons)


def remember_failure(
    place: Settings, source: str, path: Path, extracted_at: datetime | None, problem: Exception
) -> None:
    """Write the failure down for `timerett status`."""
    with connect(place.warehouse) as connection:
        connection.execute(
            "INSERT INTO landing.batch_failure VALUES (?, ?, ?, ?, ?)",
            [
                source,
                plain(masked(str(path))),
                extracted_at,
                datetime.now(UTC),
                plain(str(problem), keep="\n"),
            ],
        )


def tell(landed: Landed, delivery: Delivery, *, check: bool, out: Console) -> None:
    if landed.already_landed:
        out.print("This delivery has landed before: nothing changed.")
        return
    table = Table(
        title="Checked, not landed" if check else f"Landed as {landed.batch_id}", title_justify="left"
    )
    for heading in ("File", "Table"):
        table.add_column(heading)
    for heading in ("Read", "Landed", "Unchanged", "Superseded", "Quarantined"):
        table.add_column(heading, justify="right")
    for account in landed.accounts:
        counts = (account.read, account.landed, account.unchanged, account.superseded, account.quarantined)
        table.add_row(plain(account.source_file), account.table, *(f"{count:,}" for count in counts))
    out.print(table)
    for remark in delivery.remarks:
        out.print(f"  {remark}", highlight=False, markup=False, soft_wrap=True)
    told = {(one.source_file, one.table, one.rule) for one in delivery.rejections} if delivery.remarks else ()
    for file, name, column, rule, rows, first in landed.reasons.select(
        "source_file", "table_name", "column_name", "rule", "rows", "first_row"
    ).iter_rows():
        if (file, name, rule) in told:
            continue
        where = f"{plain(file)}, row {first}, {name}{f'.{column}' if column else ''}"
        out.print(
            f"  {where}: {rule}{f' (and {rows - 1} more)' if rows > 1 else ''}", highlight=False, markup=False
        )
    unread = sorted(delivery.unread.items())
    for what, count in unread[:MOST_UNREAD]:
        out.print(f"  Not read: {plain(what)} ({count:,})", highlight=False, markup=False, soft_wrap=True)
    if len(unread) > MOST_UNREAD:
        out.print(f"  Not read: {len(unread) - MOST_UNREAD:,} more")
