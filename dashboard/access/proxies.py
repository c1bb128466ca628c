"""Who asks, when a proxy stands between: its word counts only if it is one we were told of."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

Network = IPv4Network | IPv6Network
Server = Callable[[dict[str, Any], Any], Iterable[bytes]]
_SCHEMES = frozenset({"http", "https"})


class BehindProxies:
    """The application with address, scheme and host as trusted proxies report them.

    The client is the last address in X-Forwarded-For that is no trusted proxy: what stands before it, the
    client may have written itself.
    """

    def __init__(self, server: Server, trusted: tuple[Network, ...]) -> None:
        self._server = server
        self._trusted = trusted

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self._is_trusted(environ.get("REMOTE_ADDR", "")):
            self._take_over(environ)
        return self._server(environ, start_response)

    def _take_over(self, environ: dict[str, Any]) -> None:
        hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        client = next((hop for hop in reversed(hops) if not self._is_trusted(hop)), None)
        if client and _is_address(client):
            environ["REMOTE_ADDR"] = client
        scheme = _last(environ.get("HTTP_X_FORWARDED_PROTO", "")).lower()
        if scheme in _SCHEMES:
            environ["wsgi.url_scheme"] = scheme
        host = _last(environ.get("HTTP_X_FORWARDED_HOST", ""))
        if host:
            environ["HTTP_HOST"] = host

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._trusted)


def _last(values: str) -> str:
    return values.rpartition(",")[2].strip()


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
