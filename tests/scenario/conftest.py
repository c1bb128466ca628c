"""Many small random counties in one landing, built by dbt, with what a scenario needs laid out beside."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from scenario.chain import chain
from scenario.store import lay_out
from tests.dbt.warehouse import build, land
from tests.oracle.joining import joined
from tests.oracle.random_county import random_county
from tests.scenario.landing import Tables

AS_OF = date(2018, 10, 29)
COUNTIES = 24
MODELS = "+student_coverage +student_subject_detail +school +county +subject stg_lesson_teacher"
MARTS = (
    "student_subject_coverage",
    "student_coverage",
    "student_subject_detail",
    "school",
    "county",
    "subject",
)


@dataclass(frozen=True)
class Laid:
    """A built county: its landing rows, and the file a scenario reads."""

    tables: Tables
    file: Path

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def laid_out(home: Path, tables: Tables) -> Laid:
    land(home, tables, AS_OF)
    build(home, AS_OF, select=MODELS)
    nodes = json.loads((home / "dbt" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    file = home / "laid.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE SCHEMA marts")
        connection.execute(f"ATTACH '{home / 'warehouse.duckdb'}' AS warehouse (READ_ONLY)")
        for name in MARTS:
            connection.execute(f"CREATE TABLE marts.{name} AS FROM warehouse.marts.{name}")
        lay_out(connection, chain(nodes, home / "dbt" / "compiled"))
        connection.execute("DETACH warehouse")
    return Laid(tables, file)


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    counties = {
        f"C{seed:03d}": random_county(seed, AS_OF, null_areas=seed % 2 == 1, bare_slots=seed % 2 == 0)
        for seed in range(COUNTIES)
    }
    return laid_out(tmp_path_factory.mktemp("scenario"), _with_teachers(joined(counties)))


def _with_teachers(tables: Tables) -> Tables:
    """A few teachers in each county, now and then two in a lesson."""
    rng = random.Random(1)
    tables["lesson_teacher"] = [
        {"lesson_id": lesson["lesson_id"], "teacher_key": _teacher(lesson["lesson_id"][:4], number)}
        for lesson in tables["lesson"]
        for number in rng.sample(range(3), rng.choice([0, 1, 1, 1, 2]))
    ]
    return tables


def _teacher(county: str, number: int) -> str:
    return f"{random.Random(f'{county}-{number}').getrandbits(128):032x}"
