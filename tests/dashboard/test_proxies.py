"""Where a request comes from: what a proxy says counts only from those we were told of."""

from collections.abc import Iterable
from ipaddress import ip_network
from typing import Any

import pytest

from dashboard.access.proxies import BehindProxies
from timerett.settings import SettingsError, settings

TRUSTED = (ip_network("10.0.0.0/28"), ip_network("127.0.0.1"))


def seen(peer: str, **headers: str) -> tuple[str, str, str]:
    """Address, scheme and host as the application sees them."""
    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "here"}
    environ |= {f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()}

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return []

    BehindProxies(application, TRUSTED)(environ, None)
    return environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"]


def test_a_trusted_proxy_is_believed() -> None:
    given = {"for": "192.0.2.7", "proto": "https", "host": "timerett.fylke.no"}
    assert seen("127.0.0.1", **given) == ("192.0.2.7", "https", "timerett.fylke.no")


def test_nobody_else_is() -> None:
    given = {"for": "192.0.2.7", "proto": "https", "host": "timerett.fylke.no"}
    assert seen("192.0.2.9", **given) == ("192.0.2.9", "http", "here")


@pytest.mark.parametrize(
    ("stated", "client"),
    [
        ("127.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("1.1.1.1, 192.0.2.7, 10.0.0.3", "192.0.2.7"),
        ("10.0.0.3, 10.0.0.4", "127.0.0.1"),
        ("nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("2001:db8::7", "2001:db8::7"),
    ],
)
def test_what_the_client_wrote_itself_is_passed_over(stated: str, client: str) -> None:
    assert seen("127.0.0.1", **{"for": stated})[0] == client


def test_an_unknown_scheme_is_no_scheme() -> None:
    assert seen("127.0.0.1", proto="javascript")[1] == "http"
    assert seen("127.0.0.1", proto="http, https")[1] == "https"


def test_a_setting_that_is_no_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMERETT_TRUSTED_PROXIES", "10.0.0.1, proxy.fylke.no")
    with pytest.raises(SettingsError, match=r"proxy\.fylke\.no"):
        settings()
