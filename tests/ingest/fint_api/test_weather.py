"""Weather: faults and changes by the dice, from a seed; the county lands whole, or a message and nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ingest.delivery import SourceError
from tests.ingest.fint_api.api import Handler
from tests.ingest.fint_api.faults import served
from tests.ingest.fint_api.live import Live, same
from tests.ingest.fint_api.test_faults import PASSING


@pytest.mark.parametrize(
    ("seed", "foul", "moves"), [(1, 0.1, 0.0), (2, 0.1, 0.05), (3, 0.3, 0.1), (4, 0.7, 0.5)]
)
def test_whatever_the_weather(live: Live, county: list[Path], seed: int, foul: float, moves: float) -> None:
    dice = random.Random(seed)
    acts = list(PASSING.values())

    def weather(asked: Handler) -> bool:
        if not served(asked):
            return False
        entries = asked.server.api.resources[asked.path_asked]
        if dice.random() < moves and entries:
            asked.server.api.touch(asked.path_asked, dice.randrange(len(entries)), told=dice.random() < 0.5)
        if dice.random() < foul:
            dice.choice(acts)(asked)
            return True
        return False

    live.write(retry={"in_all": 400}, paging={"passes": 6}, pace={"at_once": 1})
    live.server.faults = [weather]
    landed = False
    for _ in range(3):
        try:
            assert same(live.tables(), live.dumped(county[0]))
            landed = True
            break
        except SourceError as problem:
            assert "14029923273" not in str(problem)
    assert landed or foul > 0.5
