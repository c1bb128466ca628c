"""Closing a school year: what was published for it is set aside, and shown from there since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import duckdb
from rich.console import Console

from ingest.bridge import quoted
from timerett.build import compute
from timerett.closed_years import Closed, checksum, closed_years, file_of, put, tables_by_year
from timerett.errors import WrongUseError
from timerett.lock import exclusive
from timerett.settings import Settings, settings


def close(year: str, out: Console) -> None:
    """Freeze what is published for a school year that is over, then publish anew so that pages say so."""
    place = settings()
    if not place.current.exists():
        raise WrongUseError("Nothing is published yet. Run `timerett build` first.")
    with exclusive(place.home, "close"):
        closed = freeze(place, year)
        compute(place, None)
    out.print(
        f"{year} is closed with its figures as of {closed.as_of_date}. They move no more; what later "
        f"data would change is listed on the page of corrections. The checksum is {closed.checksum}.",
        highlight=False,
        soft_wrap=True,
    )


def freeze(place: Settings, year: str) -> Closed:
    """Set aside what is published for a year that is over."""
    if any(known.school_year == year for known in closed_years(place)):
        raise WrongUseError(f"{year} is closed already. A closed year is not closed again.")
    publication = _examined(place, year)
    target = file_of(place, year)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with duckdb.connect(str(unfinished)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH {quoted(place.current.resolve())} AS published (READ_ONLY)")
        connection.execute("CREATE SCHEMA marts")
        for table in tables_by_year(connection, "published"):
            connection.execute(
                f'CREATE TABLE marts."{table}" AS SELECT * FROM published.marts."{table}" '
                "WHERE school_year = ?",
                [year],
            )
        connection.execute("DETACH published")
        connection.execute("CHECKPOINT")
    as_of: date = publication["as_of_date"]
    made = checksum(unfinished)
    closed = Closed(
        year,
        datetime.now(UTC).isoformat(timespec="seconds"),
        as_of.isoformat(),
        publication["build_id"],
        made,
        made,
    )
    put(place, closed, unfinished)
    return closed


def _examined(place: Settings, year: str) -> dict[str, Any]:
    """The publication, if the year may be closed with it."""
    with duckdb.connect(str(place.current.resolve()), read_only=True) as connection:
        years = dict(
            connection.execute(
                "SELECT school_year, sum(remaining_minutes) FROM marts.school_coverage GROUP BY ALL"
            ).fetchall()
        )
        if year not in years:
            raise WrongUseError(
                f"{year}: nothing is published for it. Published: {', '.join(sorted(years))}."
            )
        if years[year]:
            raise WrongUseError(f"{year} is not over: lessons lie ahead of the published figures' date.")
        newest = connection.execute(
            "SELECT max(as_of_date) FROM marts.coverage_history WHERE basis = 'known_then'"
        ).fetchall()[0][0]
        columns = ("as_of_date", "build_id")
        found = connection.execute(f"SELECT {', '.join(columns)} FROM marts.publication").fetchall()[0]
    if newest is not None and found[0] < newest:
        raise WrongUseError("What is published looks back at an earlier date. Run `timerett build` first.")
    return dict(zip(columns, found, strict=True))
