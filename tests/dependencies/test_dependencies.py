"""What we depend on: pinned, justified, free to use, and audited where the service answers."""

from __future__ import annotations

import importlib.metadata
import json
import re
import threading
import tomllib
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.dependencies.audit import LOCK, ROOT, Accepted, accepted, audit, pins

LICENCES = frozenset(
    {
        *("0BSD", "3-Clause BSD License", "BSD License", "BSD-2-Clause", "BSD-3-Clause"),
        *("CC0-1.0", "ISC License (ISCL)", "MIT", "MIT License", "MIT-0", "PSF-2.0", "Zlib"),
        *("Apache Software License", "Apache-2.0", "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)"),
    }
)
READ_BY_A_PERSON = {
    "axe-playwright-python": "MIT, in its licence file; the metadata names none",
    "dataframely": "BSD-3-Clause, in its licence file; the metadata names none",
    "docutils": "public domain and BSD; what is under the GPL is an editor's mode, which is not installed",
    "text-unidecode": "Artistic License, one of the two it may be used under",
}
TODAY = date(2026, 11, 29)


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def lock() -> str:
    return LOCK.read_text(encoding="utf-8")


def test_everything_is_pinned_with_its_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.strip())
    assert len(entries) == len(pins(lock)) > 100
    assert [
        entry.split(" ")[0] for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)
    ] == []


def test_the_lock_names_no_host_and_no_way_round_it(lock: str) -> None:
    assert re.findall(r"https?://|git\+|file:|--(?:extra-)?index-url|--find-links|--trusted-host", lock) == []


def test_every_direct_dependency_is_pinned_and_justified(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = [*project["dependencies"], *(p for ps in project["optional-dependencies"].values() for p in ps)]
    direct = {normalised(re.split(r"[\[<>=!~ ;]", requirement)[0]) for requirement in stated}
    decisions = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8").partition("## Dependencies")[2]
    rows = [line.split("|")[1] for line in decisions.splitlines() if line.startswith("| ")]
    justified = {normalised(name) for row in rows for name in re.findall(r"[A-Za-z][\w.-]*", row)}
    assert direct - justified == set()
    assert direct - {normalised(pin.split("==")[0]) for pin in pins(lock)} == set()


def test_every_licence_is_one_we_may_use(lock: str) -> None:
    names = [normalised(pin.split("==")[0]) for pin in pins(lock)]
    unknown = {name: stated for name in names if not is_free(stated := licence(name))}
    assert {name: stated for name, stated in unknown.items() if name not in READ_BY_A_PERSON} == {}
    assert set(READ_BY_A_PERSON) - set(unknown) == set()


def licence(name: str) -> str:
    """As the package states it: an expression, else all its classifiers together, else the old field."""
    stated = importlib.metadata.metadata(name)
    listed = [c.split(" :: ")[-1] for c in stated.get_all("Classifier") or [] if c.startswith("License ::")]
    return stated.get("License-Expression") or " AND ".join(listed) or stated.get("License", "").strip()


def is_free(expression: str) -> bool:
    return any(
        all(part.strip() in LICENCES for part in way.split(" AND ")) for way in expression.split(" OR ")
    )


def test_a_licence_that_only_sometimes_frees_is_none() -> None:
    assert is_free("GPL-3.0 OR MIT")
    assert not is_free("GPL-3.0 AND MIT")
    assert not is_free("")


@pytest.fixture
def service() -> Iterator[str]:
    """A vulnerability service that knows of one hole."""
    hole = {
        "id": "GHSA-hole",
        "modified": "2026-01-01T00:00:00Z",
        "summary": "A hole",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "idna"}, "versions": ["3.7"]}],
    }

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            known = {"vulns": [{"id": hole["id"], "modified": hole["modified"]}]}
            self._answer({"results": [known if q["package"]["name"] == "idna" else {} for q in asked]})

        def do_GET(self) -> None:
            self._answer(hole)

        def _answer(self, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_known_hole_fails_until_somebody_says_why_it_may_stay_and_until_when(service: str) -> None:
    found = audit(["idna==3.7"], [], TODAY, service)
    assert not found.is_right
    assert "GHSA-hole" in found.said
    let_stay = Accepted("GHSA-hole", "never called", TODAY)
    assert audit(["idna==3.7"], [let_stay], TODAY, service).is_right
    over = audit(["idna==3.7"], [let_stay], date(2026, 11, 30), service)
    assert not over.is_right
    assert "a day that is over" in over.said


def test_a_service_that_is_not_there_is_told_and_fails_nothing() -> None:
    result = audit(["idna==3.7"], [], TODAY, "http://127.0.0.1:1/")
    assert result.is_right
    assert result.said == "Dependencies not audited: the vulnerability service was not reached."


def test_whatever_is_accepted_has_a_reason_and_an_end(tmp_path: Path) -> None:
    assert all(one.reason.strip() and isinstance(one.until, date) for one in accepted())
    file = tmp_path / "accepted.toml"
    file.write_text('[[accepted]]\nid = "GHSA-x"\nreason = "never called"\nuntil = 2027-01-31\n')
    assert accepted(file) == [Accepted("GHSA-x", "never called", date(2027, 1, 31))]
