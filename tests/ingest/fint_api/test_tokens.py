"""Tokens are renewed in time, and go to FINT alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.delivery import SourceError
from ingest.sources.fint_api.connection import CLIENT_SECRET as SECRET_VARIABLE
from tests.ingest.fint_api import faults
from tests.ingest.fint_api.api import CLIENT_SECRET, Handler, Server
from tests.ingest.fint_api.faults import pages_of, whenever
from tests.ingest.fint_api.live import Live, same

LESSONS = "utdanning/timeplan/time"


@pytest.fixture
def elsewhere() -> Iterator[Server]:
    """Another host, as far as a token is concerned."""
    found = Server()
    threading.Thread(target=found.serve_forever, args=(0.01,), daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


def refused(live: Live) -> str:
    with pytest.raises(SourceError) as problem:
        live.deliveries()
    message = str(problem.value)
    assert CLIENT_SECRET not in message
    assert "secret-token" not in message
    return message


def test_a_token_is_renewed_before_it_runs_out(live: Live, county: list[Path]) -> None:
    live.server.token_seconds = 0.3
    live.write(pace={"requests_per_second": 200})
    assert same(live.tables(), live.dumped(county[0]))
    assert len(live.server.granted) > 2
    assert len(live.server.tokens) == len(live.server.granted)


def test_a_revoked_token_is_replaced_once_for_all(live: Live, county: list[Path]) -> None:
    def revoke(asked: Handler) -> bool:
        if pages_of(LESSONS, 300)(asked) and len(asked.server.granted) == 1:
            asked.server.tokens.clear()
        return False

    live.server.faults = [revoke]
    live.write(pace={"at_once": 4})
    assert same(live.tables(), live.dumped(county[0]))
    assert len(live.server.granted) == 2


def test_a_new_token_that_is_refused_too_ends_it(live: Live) -> None:
    live.server.faults = [whenever(pages_of(LESSONS), faults.status(401))]
    assert "FINT refuses new tokens too (401)" in refused(live)
    assert len(live.server.granted) == 2


def test_the_wrong_secret(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, "another")
    message = refused(live)
    assert "refused client county-client (401 invalid_client)" in message
    assert live.server.paths() == ["token"]


def test_an_identity_provider_that_falters(live: Live, county: list[Path]) -> None:
    asks = lambda asked: asked.path_asked == "token"  # noqa: E731
    live.server.faults = [
        whenever(asks, faults.status(503), times=1),
        whenever(asks, faults.html, times=1),
        whenever(asks, faults.hang_up, times=1),
    ]
    assert same(live.tables(), live.dumped(county[0]))


def test_an_identity_provider_that_is_down(live: Live) -> None:
    live.write(retry={"attempts": 3})
    live.server.faults = [whenever(lambda asked: asked.path_asked == "token", faults.status(500))]
    assert "The identity provider 127.0.0.1 answered 500, 3 times." in refused(live)


def test_a_next_link_to_another_host_is_not_followed(
    live: Live, county: list[Path], elsewhere: Server
) -> None:
    live.server.faults = [
        whenever(pages_of(LESSONS), faults.next_link(f"{elsewhere.url}/{LESSONS}?offset=100&size=100"))
    ]
    assert same(live.tables(), live.dumped(county[0]))
    assert elsewhere.asked == []


def test_a_redirect_to_another_host_is_refused(live: Live, elsewhere: Server) -> None:
    away = faults.status(302, Location=f"{elsewhere.url}/{LESSONS}?offset=0")
    live.server.faults = [whenever(pages_of(LESSONS), away)]
    assert "FINT sends us on to another host (127.0.0.1), which is not given the token" in refused(live)
    assert elsewhere.asked == []


def test_a_redirect_on_the_host_is_followed(live: Live, county: list[Path]) -> None:
    live.server.api.resources["v2/time"] = live.server.api.resources[LESSONS]
    live.server.faults = [whenever(pages_of(LESSONS), faults.status(307, Location="/v2/time"))]
    assert same(live.tables(), live.dumped(county[0]))


def test_redirects_in_a_circle_end(live: Live) -> None:
    live.server.faults = [whenever(pages_of(LESSONS), faults.status(302, Location=f"/{LESSONS}"))]
    assert "FINT redirects in a circle" in refused(live)


def test_a_token_request_is_not_redirected(live: Live, elsewhere: Server) -> None:
    away = faults.status(307, Location=f"{elsewhere.url}/token")
    live.server.faults = [whenever(lambda asked: asked.path_asked == "token", away)]
    assert "refused client county-client (307)" in refused(live)
    assert elsewhere.asked == []
