from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.identity import PSEUDONYM_KEY
from ingest.sources.fint_api.connection import CLIENT_SECRET as SECRET_VARIABLE
from ingest.synthetic import generate
from tests.ingest.fint_api.api import CLIENT_SECRET, Server
from tests.ingest.fint_api.live import Live

LESSONS = 700


@pytest.fixture(scope="package")
def county(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The dumps of two small schools, on two mornings; few of their many lessons, to be quick."""
    folder = tmp_path_factory.mktemp("county")
    generate(folder, schools=2, seed=5, deliveries=2, size=0.03)
    mornings = sorted(path / "fint" for path in folder.iterdir() if path.is_dir())
    for morning in mornings:
        _keep_some(morning / "utdanning.timeplan" / "time.json", LESSONS)
    return mornings


def _keep_some(file: Path, entries: int) -> None:
    lines = file.read_text(encoding="utf-8").split("\n")
    kept = [*lines[: entries + 1], *lines[-2:]]
    kept[entries] = kept[entries].removesuffix(",")
    kept[-2] = re.sub(r'"total_items":\d+', f'"total_items":{entries}', kept[-2])
    file.write_text("\n".join(kept), encoding="utf-8")


@pytest.fixture
def server(county: list[Path]) -> Iterator[Server]:
    found = Server()
    found.api.load(county[0])
    threading.Thread(target=found.serve_forever, args=(0.01,), daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def live(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Live:
    monkeypatch.setenv(SECRET_VARIABLE, CLIENT_SECRET)
    monkeypatch.setenv(PSEUDONYM_KEY, base64.urlsafe_b64encode(b"a key for tests of no other use.").decode())
    return Live(server, tmp_path)
