"""A home in which one student stands wherever a student can stand."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from ingest.delivery import Kind, Person
from ingest.identity import IdentityStore, Pseudonyms, identity_key, pseudonym_key
from ingest.landing import Landed, land
from ingest.privacy import PERSON
from ingest.sources.fint_api.kept import RunFolder, Sheet
from ingest.sources.fint_api.vault import Vault
from ingest.sources.output import Output
from tests.ingest.county import FIRST_EXTRACT, Rows, contents, county, frame
from timerett import audit
from timerett.ingestion import may_not_return
from timerett.settings import settings
from timerett.warehouse import connect

NUMBERS = {"s1": "13097248022", "s2": "01010750160"}
NAMES = {"s1": "Plantetnavn", "s2": "Nabonavn"}
TEACHER = "21018240171"
YEAR = timedelta(days=365)


class State:
    """Made in the home that the settings name; `keys` are the pseudonyms by the county's short names."""

    def __init__(self) -> None:
        self.place = settings()
        self.pseudonyms = Pseudonyms(pseudonym_key(self.place.keys))
        self.keys = {name: self.pseudonyms.student(number) for name, number in NUMBERS.items()}
        self.teacher = self.pseudonyms.staff(TEACHER)
        self._write()

    def rows(self) -> Rows:
        """The county with pseudonyms, and a group that is named by its only student's number."""
        rows = county()
        for row in (*rows["student"], *rows["enrolment"]):
            row["student_key"] = self.keys[row["student_key"]]
        for row in (
            *rows["teaching_group"],
            *rows["group_membership"],
            *rows["absence"],
            *rows["lesson_group"],
        ):
            row["group_id"] = {"g1": f"gruppe {NUMBERS['s1']}"}.get(row["group_id"], row["group_id"])
        rows["lesson_teacher"] = [{"lesson_id": "past1", "teacher_key": self.teacher}]
        return rows

    def land(
        self, rows: Rows, *, source: str = "fint", kind: Kind = "full", day: int = 0, **of: Any
    ) -> Landed:
        output = Output(self.pseudonyms)
        for table, listed in rows.items():
            output.add(table, frame(table, listed))
        for file, row, table, value in of.pop("rejected", ()):
            output.reject(file, row, table, rule="must be read", value=value)
        made = output.delivery(
            source=source,
            kind=kind,
            extracted_at=FIRST_EXTRACT + timedelta(days=day),
            delivered=rows,
            county_number="99",
            **of,
        )
        with connect(self.place.warehouse) as connection:
            return land(connection, made, erased=may_not_return(self.place))

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that has landed, and what waits behind it."""
        with connect(self.place.warehouse) as connection:
            found = contents(connection)
            for table in ("enrolment", "absence"):
                found[f"yielded.{table}"] = connection.execute(
                    f"SELECT * EXCLUDE (batch_id) FROM yielded.{table} ORDER BY ALL"
                ).fetchall()
        return found

    def store(self) -> IdentityStore:
        key = identity_key(self.place.keys, create=True)
        assert key
        return IdentityStore(self.place.identity_store, key)

    def _write(self) -> None:
        rows = self.rows()
        self.land(rows)
        # A better source says the same a little otherwise, and what it displaces waits behind it.
        better = {
            table: rows[table] for table in ("school", "student", "enrolment", "teaching_group", "absence")
        }
        for row in better["absence"]:
            row["minutes"] = "31"
        for row in better["enrolment"]:
            row["category"] = "part_time"
        better["absence"].append(better["absence"][0] | {"absence_id": "orphan", "group_id": "nowhere"})
        better["absence"].append(better["absence"][0] | {"absence_id": "bad", "absence_date": "yesterday"})
        better["enrolment"].append(better["enrolment"][0] | {"enrolment_id": "bad", "category": "unknown"})
        self.land(
            better,
            source="oneroster",
            day=1,
            rejected=[("elever.csv", 7, "absence", f"{PERSON}{self.keys['s1']}")],
        )
        self.store().remember(
            Person(key, "student", NAMES[name], NUMBERS[name]) for name, key in self.keys.items()
        )
        look = {"who": "a@b.no", "role": "principal", "schools": ["1001"]}
        audit.write(self.place.logs, **look, students=[*self.keys.values()])
        for name in (
            "logs/dbt.log",
            "logs/dbt.log.1",
            "spool/part.csv",
            "exports/2026/coverage.csv",
            "dbt/run.sql",
        ):
            file = self.place.home / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(self.keys), encoding="utf-8")
        key = identity_key(self.place.keys)
        assert key
        page = Sheet("utdanning.elev/person", None, None, 0, 1, 1, False, NUMBERS["s1"].encode())
        RunFolder(Vault(self.pages, key, "connection")).write("utdanning.elev.person-1-00000.page", page)

    @property
    def pages(self) -> Path:
        return self.place.home / "fint-api" / "99-abc"
