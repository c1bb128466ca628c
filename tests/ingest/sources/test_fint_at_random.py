"""Resources made at random from the published information model: each lands, or waits with a reason."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from rich.console import Console

from ingest.sources import fint
from tests.ingest.sources.hal import Entry, domain, identity_numbers, write_dump
from timerett.ingestion import ingest

TYPES: dict[str, Any] = json.loads((files("ingest.sources.fint") / "model.json").read_text())["types"]
NAMES = {key.rpartition(":")[2].lower(): key for key in TYPES if "idFields" in TYPES[key]}
READ = sorted(
    {*fint.MAKES, "person", "personalressurs", "skoleressurs", "undervisningsforhold", "elevfravar", "klasse"}
    | {"klassemedlemskap", "programomrade", "programomrademedlemskap", "faggruppe", "eksamen"}
    | {"eksamensgruppemedlemskap", "skolear", "elevkategori", "fagstatus", "fravarstype", "termin"}
)
# One row of the table for each entry; elsewhere an entry makes several rows or none, by its links.
ONE_EACH = {
    "skole": "school",
    "elevforhold": "enrolment",
    "time": "lesson",
    "undervisningsgruppe": "teaching_group",
}
LEAST, MOST = 1, 6
SEEDS = range(20)


class Maker:
    """Entries of every resource that is read, linked at random by any id field in any form."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.ids = {
            name: [f"{name[:3]}{number}" for number in range(self.dice.randint(LEAST, MOST))] for name in READ
        }

    def county(self) -> dict[str, list[Entry]]:
        return {name: [self._entry(name, place) for place in range(len(self.ids[name]))] for name in READ}

    def _entry(self, name: str, place: int) -> Entry:
        described = TYPES[NAMES[name]]
        made = self._attributes(described, name, place)
        links = {
            relation["name"]: [
                {"href": self._href(relation["target"])} for _ in range(self._how_many(relation))
            ]
            for relation in described.get("relations", ())
        }
        if self.dice.random() < 0.2:
            made["ukjentFelt"] = {"verdi": [1, None, "tekst"]}
        return {**made, "_links": {key: hrefs for key, hrefs in links.items() if hrefs}}

    def _attributes(self, described: dict[str, Any], name: str, place: int) -> Entry:
        made: Entry = {}
        for one in described["attributes"]:
            if (
                one["name"] not in described.get("idFields", ())
                and one.get("optional")
                and self.dice.random() < 0.4
            ):
                continue
            value = self._value(one["name"], one["type"], name, place)
            made[one["name"]] = [value] * self.dice.randint(0, 2) if one.get("list") else value
        return made

    def _value(self, field: str, kind: str, name: str, place: int) -> Any:
        if kind.endswith(":Identifikator"):
            return {"identifikatorverdi": self._identifier(field, name, place)}
        if kind.endswith(":Periode"):
            start = self.dice.randint(0, 300)
            period = {"start": self._moment(start)}
            return period | (
                {"slutt": self._moment(start + self.dice.randint(0, 90))} if self.dice.random() < 0.7 else {}
            )
        if kind in TYPES:
            return self._attributes(TYPES[kind], name, place)
        return {
            "string": f"{field} {place}",
            "boolean": self.dice.random() < 0.5,
            "int": self.dice.randint(0, 500),
            "long": self.dice.randint(0, 500),
            "date": f"2025-1{self.dice.randint(0, 2)}-0{self.dice.randint(1, 9)}",
            "datetime": self._moment(self.dice.randint(0, 300)),
        }[kind]

    def _identifier(self, field: str, name: str, place: int) -> str:
        if field == "systemId":
            return self.ids[name][place]
        return f"{7000 + place}" if field == "skolenummer" else f"{name}-{field}-{place}"

    def _moment(self, day: int) -> str:
        return f"2025-{8 + day // 100:02}-{1 + day % 28:02}T{6 + day % 9:02}:15:00Z"

    def _how_many(self, relation: dict[str, Any]) -> int:
        least, _, most = relation["multiplicity"].partition("..")
        if self.dice.random() < 0.1:
            return 0
        return self.dice.randint(0 if least == "0" else 1, 3 if (most or least) == "*" else 1)

    def _href(self, target: str) -> str:
        name = target.rpartition(":")[2].lower()
        field = self.dice.choice(TYPES[NAMES[name]]["idFields"] if name in NAMES else ["kode"])
        known = self.ids.get(name, ["elsewhere"])
        place = self.dice.randrange(len(known))
        value = self._identifier(field, name, place) if name in self.ids else "elsewhere"
        field = self.dice.choice([field, field.lower(), field.upper()])
        package = domain(name)
        if self.dice.random() < 0.5:
            return f"${{{package}.{name}}}/{field}/{value}"
        return f"https://fint.example/{package.replace('.', '/')}/{name}/{field}/{value}"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_model_allows_lands_or_waits_with_a_reason(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = Maker(seed).county()
    home, said = tmp_path / "home", io.StringIO()
    monkeypatch.setenv("TIMERETT_HOME", str(home))
    ingest("fint", write_dump(tmp_path / "fint", county), delta=False, check=False, out=Console(file=said))
    assert identity_numbers(said.getvalue()) == []
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        accounts = warehouse.execute(
            "SELECT table_name, sum(rows_read), "
            "bool_and(rows_read = rows_landed + rows_unchanged + rows_superseded + rows_quarantined) "
            "FROM landing.batch_file GROUP BY table_name"
        ).fetchall()
        reasons = warehouse.execute("SELECT table_name, rule FROM landing.quarantine").fetchall()
    assert all(adds_up for *_, adds_up in accounts)
    read = {table: int(rows) for table, rows, _ in accounts}
    assert {table: read[table] for table in ONE_EACH.values()} == {
        table: len(county[resource]) for resource, table in ONE_EACH.items()
    }
    assert [table for table, rule in reasons if not rule] == []
