"""The server as it is started for a county: what it says of itself, and who can hold it up."""

from __future__ import annotations

import http.client
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.dashboard.fixture import build
from tests.dashboard.running import free_port, started

ARRIVES_WITHIN = 2
SERVE = f"""
from timerett import serve
serve.ARRIVES_WITHIN_SECONDS = {ARRIVES_WITHIN}
serve.serve(bind="127.0.0.1:PORT", workers=1)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home = tmp_path_factory.mktemp("served")
    (home / "published").mkdir()
    (home / "published" / "current.duckdb").symlink_to(build(home / "published" / "fixture.duckdb"))
    port = free_port()
    command = [sys.executable, "-c", SERVE.replace("PORT", str(port))]
    with (
        (home / "printed").open("w") as printed,
        started(command, port, "/healthz", home, printed, TIMERETT_TRUSTED_PROXIES="127.0.0.1"),
    ):
        yield port
    # Nothing of an address stands in what the server prints: an address of a page may hold a pseudonym.
    assert "/school/" not in (home / "printed").read_text()


def ask(
    port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), content


def raw(port: int, text: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def test_it_names_no_version_and_keeps_no_log_of_addresses(port: int) -> None:
    status, headers, _ = ask(port, "/school/99002/student/" + "a" * 32)
    assert status == 200
    assert not any(digit in headers["Server"] for digit in "0123456789")
    assert "X-Powered-By" not in headers


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 80 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /_dash-update-component HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"HELLO\r\n\r\n",
    ],
)
def test_what_is_no_decent_request_is_refused_and_the_server_goes_on(port: int, request_: bytes) -> None:
    answer = raw(port, request_)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    assert b"Traceback" not in answer
    assert ask(port, "/healthz")[0] == 200


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-",
        b"POST /_dash-update-component HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{",
    ],
    ids=["head", "body"],
)
def test_requests_that_trickle_in_hold_nobody_up_for_long(port: int, beginning: bytes) -> None:
    """More of them than there are threads; each sends a byte now and then."""
    slow = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(6)]
    try:
        for connection in slow:
            connection.sendall(beginning)
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(ask, port, "/healthz")
            while not asked.done():
                time.sleep(0.2)
                for connection in slow:
                    try:
                        connection.send(b"a")
                    except OSError:
                        continue
            assert asked.result()[0] == 200
    finally:
        for connection in slow:
            connection.close()
    assert ask(port, "/healthz")[0] == 200


def test_the_proxy_says_that_the_reader_came_over_https_and_the_reader_cannot(port: int) -> None:
    over = ask(port, "/healthz", X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.7")[1]
    assert over["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in ask(port, "/healthz")[1]


def test_a_forwarded_reader_is_not_taken_for_this_machine(port: int) -> None:
    """The trial is for the machine itself: a reader behind the proxy gets no figures without sign-in."""
    assert ask(port, "/export/schools.csv")[0] == 200
    assert ask(port, "/export/schools.csv", X_Forwarded_For="192.0.2.7")[0] == 403
    assert ask(port, "/export/schools.csv", X_Forwarded_For="127.0.0.1")[0] == 403
