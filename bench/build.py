"""What a synthetic county's first and second build cost, beside the models they are made for.

`python -m bench.build [--schools N]`: the county is generated, landed and built twice.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from rich.console import Console

from bench.measuring import Cost, Row, in_a_process, peak, print_rows, tell
from ingest.synthetic import generate
from timerett.build import build
from timerett.ingestion import ingest


def results(schools: int) -> list[Row]:
    """Processor seconds are of this machine: compare them with each other alone."""
    with tempfile.TemporaryDirectory() as home:
        county, state = Path(home) / "county", Path(home) / "state"
        generate(county, schools=schools, deliveries=1)
        around = {"TIMERETT_HOME": state}
        landed = in_a_process("bench.build", "--land", next(county.iterdir()), **around)
        first = in_a_process("bench.build", "--build", **around)
        again = in_a_process("bench.build", "--build", **around)
        nodes = json.loads((state / "dbt" / "run_results.json").read_text(encoding="utf-8"))["results"]
    models = sum(node["execution_time"] for node in nodes if node["unique_id"].startswith("model."))
    tests = sum(node["execution_time"] for node in nodes if node["unique_id"].startswith("test."))
    return [
        Row("second build / landing the delivery", again.seconds / landed.seconds, "x"),
        Row("first build / second", first.seconds / again.seconds, "x"),
        Row("tests / models, as dbt tells", tests / models, "x"),
        Row("steps", len(nodes), ""),
        Row("peak memory of landing", landed.gigabytes, "GB"),
        Row("peak memory of building", again.gigabytes, "GB", 2.0),
    ]


def _land(delivery: Path) -> Cost:
    started = time.process_time()
    for source, name in (("fint", "fint"), ("report", "reports")):
        ingest(source, delivery / name, delta=False, check=False, out=Console(quiet=True))
    return Cost(time.process_time() - started, peak())


def _build() -> Cost:
    started = time.process_time()
    build(as_of=None, out=Console(quiet=True))
    return Cost(time.process_time() - started, peak())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=6)
    parser.add_argument("--land", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.land:
        tell(_land(given.land))
    elif given.build:
        tell(_build())
    else:
        print_rows(f"A county of {given.schools} schools", results(given.schools))


if __name__ == "__main__":
    main()
