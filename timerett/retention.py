"""Letting go of closed school years: the students of those older than the setting says."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from rich.console import Console
from rich.table import Table

from ingest import erased
from ingest.contract import TABLES
from ingest.keys import pseudonym_key
from ingest.local_time import OSLO
from ingest.privacy import PSEUDONYM_COLUMNS
from ingest.school_year import school_year_of
from timerett.build import compute
from timerett.closed_privacy import rewrite_closed
from timerett.erase import copy_names, nameless
from timerett.errors import WrongUseError
from timerett.lock import exclusive
from timerett.publish import versions
from timerett.removal import LANDED, Gone, counts, landing, mark
from timerett.renewal import renewed
from timerett.rewriting import examined, rewrite
from timerett.settings import Settings, settings


def retention(out: Console, *, apply: bool) -> None:
    """Show what is older than the setting keeps, and with `apply` remove it."""
    place = settings()
    if not place.warehouse.exists():
        raise WrongUseError(f"Nothing has landed in {place.home} yet.")
    with exclusive(place.home, "retention"):
        gone = Gone(before=_first_kept(place), threshold=place.suppression_threshold)
        removed = _found(place, gone)
        leaving = _leaving(place, gone)
        if removed:
            _show(out, gone, removed, len(leaving))
        if not apply or not removed:
            out.print(_outcome(gone, found=bool(removed)), highlight=False)
            return
        note = {"what": f"school years before {gone.before}", "rows": removed}
        with renewed(place, dict.fromkeys(leaving), note) as beside:
            rename = nameless(leaving)
            rewrite(place.warehouse, beside.warehouse, gone=gone, rename=rename)
            rewrite_closed(place, beside, "retention", gone=replace(gone, students=leaving), rename=rename)
            copy_names(place, beside, leaving)
            key = pseudonym_key(place.keys)
            erased.write(beside.erased, key, replace(erased.read(place.erased, key), before=gone.before))
            if versions(place):
                compute(beside, None)
    out.print(f"Removed. Figures are published anew; rows before {gone.before} will not land again.")


def _first_kept(place: Settings) -> str:
    """The running school year of the newest extract, less the closed years that are kept."""
    with examined(place.warehouse) as connection:
        newest = connection.execute("SELECT max(extracted_at) FROM old.landing.batch").fetchall()[0][0]
    if newest is None:
        raise WrongUseError("Nothing has landed yet.")
    first = int(school_year_of(newest.astimezone(OSLO).date())[:4]) - place.retention_years
    return f"{first}-{(first + 1) % 100:02d}"


def _found(place: Settings, gone: Gone) -> dict[str, int]:
    with examined(place.warehouse) as connection:
        mark(connection, gone)
        return counts(connection, gone)


def _leaving(place: Settings, gone: Gone) -> frozenset[str]:
    """Students and staff of whom no row stays."""
    leaving: set[str] = set()
    staying: set[str] = set()
    with examined(place.warehouse) as connection:
        mark(connection, gone)
        for schema, table in product(LANDED, TABLES):
            for column in sorted(PSEUDONYM_COLUMNS & set(TABLES[table].columns())):
                for key, goes in connection.execute(
                    f"SELECT DISTINCT r.{column}, {landing(table, gone)} FROM old.{schema}.{table} AS r"
                ).fetchall():
                    (leaving if goes else staying).add(key)
    return frozenset(leaving - staying)


def _show(out: Console, gone: Gone, removed: dict[str, int], persons: int) -> None:
    table = Table(title=f"School years before {gone.before}", title_justify="left")
    table.add_column("Table")
    table.add_column("Rows", justify="right")
    for name, count in removed.items():
        table.add_row(name, f"{count:,}")
    table.add_row("persons of whom nothing stays", f"{persons:,}")
    out.print(table)


def _outcome(gone: Gone, *, found: bool) -> str:
    if not found:
        return f"Nothing is older than the school year {gone.before}, the first that is kept."
    return "Nothing was removed. Run `timerett retention --apply` to remove it; it cannot be undone."
