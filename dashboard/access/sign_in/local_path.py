"""Where to after signing in: an address within this dashboard and nowhere else."""

import unicodedata
from urllib.parse import parse_qs, urlsplit

LONGEST = 2000
_NOT_PAGES = ("/sign-in", "/_", "/export/", "/document/", "/assets/")


def local_path(address: str | None) -> str:
    """The address if it is a page of this dashboard, else the first page."""
    return address if address and _is_local(address) else "/"


def _is_local(address: str) -> bool:
    # Browsers take a backslash for a slash, drop tabs and line breaks, and read two slashes as another host.
    if len(address) > LONGEST or not address.startswith("/") or "//" in address or "\\" in address:
        return False
    if any(unicodedata.category(sign)[0] in "CZ" for sign in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme or parts.netloc or parts.path.startswith(_NOT_PAGES):
        return False
    return not any(piece in (".", "..") for piece in parts.path.split("/"))


def page_of(path: str, query: str) -> str:
    """The page an address belongs to: a file's is the page it is offered on."""
    if path.startswith("/export/"):
        path = path.removeprefix("/export").rpartition("/")[0] or "/"
    return local_path(f"{path}?{query}" if query else path)


def language_in(address: str) -> str | None:
    """The language an address asks for."""
    return next(iter(parse_qs(urlsplit(address).query).get("lang", ())), None)
