"""What has landed does not depend on how the rows were packed."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ingest.county import Rows, contents, county, land_rows, waiting
from timerett.warehouse import connect


def landed(batches: list[Rows]) -> tuple[object, object]:
    with TemporaryDirectory() as folder, connect(Path(folder) / "w.duckdb") as connection:
        for day, rows in enumerate(batches):
            land_rows(connection, rows, kind="delta", day=day)
        return contents(connection), waiting(connection)


def rows_with_trouble() -> Rows:
    """The county, with an absence that never finds its lesson and shares that never fit."""
    rows = county()
    rows["absence"].append({**rows["absence"][0], "absence_id": "a3", "lesson_id": "nowhere"})
    rows["lesson_subject"].append({"lesson_id": "past1", "subject_code": "ENG1007", "minutes": "1"})
    return rows


WHOLE = landed([rows_with_trouble()])


@settings(max_examples=12, deadline=None)
@given(st.integers(min_value=1, max_value=4), st.integers(min_value=0, max_value=2**32))
def test_the_split_into_batches_and_the_order_of_rows_do_not_matter(parts: int, seed: int) -> None:
    rng = random.Random(seed)
    batches: list[Rows] = [{} for _ in range(parts)]
    for table, rows in rows_with_trouble().items():
        for row in rng.sample(rows, len(rows)):
            batches[rng.randrange(parts)].setdefault(table, []).append(row)
    assert landed(batches) == WHOLE
