"""Runs the source against the server, and holds what it makes against the same county read as dumps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from ingest.delivery import Delivery, Kind
from ingest.identity import Pseudonyms, pseudonym_key
from ingest.sources import fint, fint_api
from tests.ingest.fint_api.api import CLIENT_ID, Server

Tables = dict[str, pl.DataFrame]
QUICK: Mapping[str, Mapping[str, float]] = {
    "paging": {"size": 100},
    "pace": {"requests_per_second": 100_000},
    "retry": {"first_wait_seconds": 0.001, "longest_wait_seconds": 0.01},
    "timeouts": {"connect_seconds": 2, "read_seconds": 0.5, "answer_seconds": 2},
}


class Live:
    """One county's connection, its home, and the server it points at."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.home = folder / "home"
        self.file = folder / "county.toml"
        self.write()

    def write(self, **settings: Any) -> None:
        """The connection file: quick, with the settings given; a section's are added to it."""
        stated: dict[str, Any] = {
            "county_number": "99",
            "base_url": self.server.url,
            "token_url": f"{self.server.url}/token",
            "client_id": CLIENT_ID,
            "org_id": "syntetia.example",
            "synthetic": True,
        }
        for name, values in QUICK.items():
            settings[name] = {**values, **settings.get(name, {})}
        self.file.write_text(written_toml({**stated, **settings}), encoding="utf-8")

    def deliveries(
        self, kind: Kind = "full", *, check: bool = False, at_each: Callable[[Delivery], None] | None = None
    ) -> list[Delivery]:
        """What the source delivers; taking all of it stands for landing it."""
        found = []
        for delivery in fint_api.read_all(
            self.file,
            pseudonyms=self.pseudonyms,
            home=self.home,
            keys=self.home / "keys",
            kind=kind,
            check=check,
            has_landed=lambda source, extracted_at: True,
        ):
            if at_each:
                at_each(delivery)
            found.append(delivery)
        return found

    def tables(self) -> Tables:
        [delivery] = self.deliveries()
        return tables(delivery)

    def dumped(self, folder: Path) -> Tables:
        return tables(fint.read(folder, pseudonyms=self.pseudonyms))

    @property
    def pseudonyms(self) -> Pseudonyms:
        return Pseudonyms(pseudonym_key(self.home / "keys"))


def tables(delivery: Delivery) -> Tables:
    """A delivery's rows without where they came from, in an order of their own."""
    found = {}
    for name in delivery.parts:
        rows = delivery.rows(name).drop("source_file", "source_row")
        found[name] = rows.unique().sort(rows.columns)
    return found


def same(live: Tables, dumped: Tables) -> bool:
    return live.keys() == dumped.keys() and all(live[name].equals(dumped[name]) for name in dumped)


def written_toml(settings: Mapping[str, Any]) -> str:
    lines = [f"{name} = {_value(value)}" for name, value in settings.items() if not isinstance(value, dict)]
    for name, section in settings.items():
        if isinstance(section, dict):
            lines += [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in section.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
