"""A certified OpenID Provider, started for the tests, and its accounts."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from joserfc.jwk import RSAKey

FOLDER = Path(__file__).parent / "provider"
CLIENT_ID, CLIENT_SECRET = "timerett", "a secret of the tests"
LIFETIME = 600

ACCOUNTS: dict[str, dict[str, Any]] = {
    "director": {"name": "Direktør Dal", "roles": ["timerett.director"]},
    "analyst": {"name": "Analytiker Ås", "roles": ["timerett.analyst"]},
    "owner": {"name": "Eier Eng", "roles": ["timerett.owner"]},
    "principal": {"name": "Rektor Ruud", "roles": ["timerett.principal:99001"]},
    "other": {"name": "Rektor Olsen", "roles": ["timerett.principal:99002"]},
    "teacher": {
        "name": "Lærer Lie",
        "groups": [
            {"id": "grp:99001:99001:0:MAT1019", "membership": {"affiliation": "faculty"}},
            {"id": "grp:99001:99001:0:ENG1007", "membership": {"affiliation": "student"}},
        ],
    },
    "pupil": {
        "name": "Elev Eik",
        "groups": [{"id": "grp:99001:99001:0:MAT1019", "membership": {"affiliation": "student"}}],
    },
    "both": {"name": "Begge Berg", "roles": ["timerett.principal:99002", "timerett.director"]},
    "elsewhere": {"name": "Rektor Rud", "roles": ["timerett.principal:12345"]},
    "nobody": {"name": "Ingen Iversen", "roles": ["canteen.manager"]},
}


@dataclass
class Certified:
    """The running provider."""

    port: int
    key: RSAKey
    """Its own signing key, for an attacker who has got hold of it."""
    accounts: Path

    def say(self, **changed: dict[str, Any]) -> None:
        """What the provider knows of its accounts from now on."""
        self.accounts.write_text(json.dumps({**ACCOUNTS, **changed}))


@contextmanager
def certified(folder: Path, issuer: str, site: str, port: int) -> Iterator[Certified]:
    """The provider on a port, known to the world as `issuer`, with the dashboard as its client."""
    node = shutil.which("node")
    assert node, "no node on this machine: make provider installs it"
    assert (FOLDER / "node_modules").exists(), "the provider is not installed: make provider does it"
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": "first"}, auto_kid=False)
    running = Certified(port, key, folder / "accounts.json")
    running.say()
    client = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "grant_types": ["authorization_code", "refresh_token"],
        "redirect_uris": [f"{site}/sign-in/back"],
        "post_logout_redirect_uris": [f"{site}/sign-in/out"],
    }
    settings = {
        "issuer": issuer,
        "port": port,
        "accounts": str(running.accounts),
        "clients": [client],
        "keys": {"keys": [key.as_dict(private=True)]},
        "lifetimes": LIFETIME,
        "rotate": True,
    }
    file = folder / "provider.json"
    file.write_text(json.dumps(settings))
    command = [node, str(FOLDER / "server.mjs"), str(file)]
    with (
        (folder / "provider.log").open("w") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/.well-known/openid-configuration", folder / "provider.log")
            yield running
        finally:
            process.terminate()


def _wait(url: str, log: Path) -> None:
    for _ in range(200):
        try:
            httpx2.get(url, timeout=2).raise_for_status()
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(log.read_text())
