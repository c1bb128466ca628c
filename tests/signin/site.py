"""The dashboard on a port, and a person's browser as far as HTTP goes."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
from flask import Flask
from werkzeug.serving import make_server

from tests.signin.certified import CLIENT_ID, CLIENT_SECRET

MAPPING = """
[[rule]]
role = "director"
claim = "roles"
is = "timerett.director"
county = "99"

[[rule]]
role = "analyst"
claim = "roles"
is = "timerett.analyst"
county = "99"

[[rule]]
role = "owner"
claim = "roles"
is = "timerett.owner"

[[rule]]
role = "principal"
claim = "roles"
matches = 'timerett\\.principal:(?P<school>\\d{5})'

[[rule]]
role = "teacher"
claim = "groups"
field = "id"
matches = 'grp:(?P<school>\\d{5}):(?P<group>.+)'
where = { "membership.affiliation" = "faculty" }
"""


def write_settings(folder: Path, issuer: str, site: str, /, **more: str) -> Path:
    """The operator's files; `more` are further lines, the values as TOML."""
    (folder / "roles.toml").write_text(MAPPING)
    secret = folder / "sign-in.secrets"
    secret.write_text(f'client_secret = "{CLIENT_SECRET}"\n')
    secret.chmod(0o600)
    stated = {
        "issuer": f'"{issuer}"',
        "client_id": f'"{CLIENT_ID}"',
        "address": f'"{site}"',
        "provider": '"Fylkespålogging"',
        "mapping": '"roles.toml"',
        "secrets_file": '"sign-in.secrets"',
        **more,
    }
    file = folder / "sign-in.toml"
    file.write_text("".join(f"{name} = {value}\n" for name, value in stated.items()))
    return file


@contextmanager
def served(server: Flask, port: int) -> Iterator[None]:
    running = make_server("127.0.0.1", port, server, threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        running.shutdown()
        running.server_close()


TLS = httpx2.create_ssl_context()


class Person:
    """A browser without scripts: it keeps cookies and is told every redirect."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.http = httpx2.Client(timeout=20, verify=TLS, headers={"Accept-Language": "nb"})

    def get(self, path: str) -> httpx2.Response:
        return self.http.get(self.site + path)

    def post(self, path: str, **form: str) -> httpx2.Response:
        return self.http.post(self.site + path, data=form)

    def page(self, path: str = "/", search: str = "") -> httpx2.Response:
        """What the page's script asks for."""
        return self.http.post(
            f"{self.site}/_dash-update-component",
            json={
                "output": "content.children",
                "outputs": {"id": "content", "property": "children"},
                "inputs": [
                    {"id": "address", "property": "pathname", "value": path},
                    {"id": "address", "property": "search", "value": search},
                ],
                "changedPropIds": [],
            },
        )

    def authorized(self, user: str, start: str = "/sign-in/start") -> str:
        """Begin a sign-in and go through the provider's pages; the address it then sends the browser to."""
        answer = self.http.get(self.site + start)
        for _ in range(10):
            if answer.status_code == 200:
                button = "cancel" if user == "cancel" else "in"
                answer = self.http.post(str(answer.url), data={"user": user, "do": button})
            address = urljoin(str(answer.url), answer.headers["Location"])
            if address.startswith(self.site):
                return address
            answer = self.http.get(address)
        raise AssertionError(f"never came back from the provider: {answer.url}")

    def sign_in(self, user: str, start: str = "/sign-in/start") -> httpx2.Response:
        """The answer to the provider's sending the browser back."""
        return self.http.get(self.authorized(user, start))

    def csrf(self) -> str:
        button = re.search(r"<button [^>]*csrf[^>]*>", self.reads())
        assert button, "no form on the page"
        return re.findall(r'value="(\w+)"', button[0])[0]

    def sign_out(self) -> httpx2.Response:
        return self.post("/sign-in/out", csrf=self.csrf(), lang="nb")

    def session_cookie(self) -> str:
        return next(c.value or "" for c in self.http.cookies.jar if c.name.endswith("timerett_session"))

    def reads(self, path: str = "/", search: str = "") -> str:
        """The text of a page; fails where the server gives none."""
        answer = self.page(path, search)
        assert answer.status_code == 200, answer.text[:500]
        return json.dumps(answer.json(), ensure_ascii=False).replace('\\"', '"')


def kind_of(answer: httpx2.Response) -> str:
    """The heading of a page of signing in."""
    found: Any = re.search(r'<h1 id="heading">([^<]+)</h1>', answer.text)
    return str(found[1]) if found else answer.text[:200]
