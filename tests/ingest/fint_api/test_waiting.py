"""How long is waited, by the rule and not by the clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.sources.fint_api.connection import Retry
from ingest.sources.fint_api.waiting import asked_wait, jittered

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 02 Mar 2026 05:02:00 GMT", 120),
        ("Monday, 02-Mar-26 05:02:00 GMT", 120),
        ("Mon, 02 Mar 2026 06:02:00 +0100", 120),
        ("Mon, 02 Mar 2026 04:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_server_may_ask_for(header: str | None, seconds: float | None) -> None:
    assert asked_wait(header, NOW) == seconds


def test_waits_double_up_to_a_bound_and_are_anything_below() -> None:
    retry = Retry(first_wait_seconds=1, longest_wait_seconds=10)
    waits = [[jittered(retry, attempt) for _ in range(300)] for attempt in range(6)]
    for of_attempt, bound in zip(waits, (1, 2, 4, 8, 10, 10), strict=True):
        assert 0 <= min(of_attempt) < bound * 0.2
        assert bound * 0.8 < max(of_attempt) <= bound
