from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dashboard.access.sign_in import clock
from tests.dashboard.fixture import build
from tests.dashboard.running import free_port
from tests.signin.attacker import Attacker, between
from tests.signin.certified import Certified, certified
from tests.signin.forgery import aged
from tests.signin.site import Person, served, write_settings

SITE_PORT = free_port()
SITE = f"http://127.0.0.1:{SITE_PORT}"
StartSite = Callable[..., str]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("published") / "fixture.duckdb")


@pytest.fixture(scope="session")
def _attacker() -> Attacker:
    return Attacker(free_port())


@pytest.fixture(scope="session")
def _provider(_attacker: Attacker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Certified]:
    """The provider behind the attacker, who does nothing until a test says so."""
    folder = tmp_path_factory.mktemp("provider")
    issuer = f"http://127.0.0.1:{_attacker.port}"
    with certified(folder, issuer, SITE, free_port()) as running, between(_attacker, running.port):
        yield running


@pytest.fixture
def provider(_provider: Certified) -> Certified:
    _provider.say()
    return _provider


@pytest.fixture
def attacker(_attacker: Attacker, provider: Certified) -> Attacker:
    _attacker.rest()
    return _attacker


@pytest.fixture
def start_site(
    attacker: Attacker, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StartSite]:
    """Starts the dashboard with sign-in set up; further settings as TOML."""
    with ExitStack() as stack:

        def start(**more: str) -> str:
            home = tmp_path / "home"
            (home / "published").mkdir(parents=True)
            (home / "published" / "current.duckdb").symlink_to(published)
            issuer = f"http://127.0.0.1:{attacker.port}"
            monkeypatch.setenv("TIMERETT_HOME", str(home))
            monkeypatch.setenv("TIMERETT_SIGN_IN", str(write_settings(tmp_path, issuer, SITE, **more)))
            from dashboard.app import create  # noqa: PLC0415 - reads the settings when it is put together

            stack.enter_context(served(create().server, SITE_PORT))
            return SITE

        yield start


@pytest.fixture
def site(start_site: StartSite) -> str:
    return start_site()


@pytest.fixture
def person(site: str) -> Person:
    return Person(site)


@pytest.fixture
def later(
    monkeypatch: pytest.MonkeyPatch, attacker: Attacker, provider: Certified
) -> Callable[[float], None]:
    """Lets time pass, at the dashboard and at the provider."""
    real = clock.now

    def move(seconds: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + seconds)
        attacker.passing_time = aged(provider.key, seconds)

    return move
