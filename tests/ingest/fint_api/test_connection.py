"""The connection file and the secrets: what is wrong is told by its place, and never quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.delivery import SourceError
from ingest.sources.fint_api.connection import (
    CLIENT_SECRET,
    PASSWORD,
    USERNAME,
    Connection,
    Secrets,
    read_connection,
    read_secrets,
)

GOOD = """county_number = "32"
base_url = "https://api.example.no"
token_url = "https://idp.example.no/token"
client_id = "timerett"
"""


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (CLIENT_SECRET, USERNAME, PASSWORD):
        monkeypatch.delenv(name, raising=False)


def written(folder: Path, text: str) -> Path:
    file = folder / "county.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problem(folder: Path, text: str) -> str:
    with pytest.raises(SourceError) as found:
        read_connection(written(folder, text))
    return str(found.value)


def test_what_is_not_stated_has_a_default(tmp_path: Path) -> None:
    connection = read_connection(written(tmp_path, GOOD))
    assert (connection.scope, connection.pace.at_once, connection.paging.size) == ("fint-client", 2, 5000)


def test_sections_are_read(tmp_path: Path) -> None:
    connection = read_connection(written(tmp_path, GOOD + "[paging]\nsize = 200\n[retry]\nattempts = 2\n"))
    assert (connection.paging.size, connection.retry.attempts) == (200, 2)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("page_size = 3", "unknown field `page_size`"),
        ("[paging]\nsize = 0", "$.paging.size"),
        ("[paging]\nsize = true", "$.paging.size"),
        ('client_authentication = "digest"', "$.client_authentication"),
        ("= =", "is not TOML"),
    ],
)
def test_a_setting_that_cannot_be(tmp_path: Path, line: str, said: str) -> None:
    message = problem(tmp_path, f"{GOOD}{line}\n")
    assert said in message
    assert "county.toml" in message


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.no",
        "api.example.no",
        "ftp://api.example.no",
        "https://u:p@api.example.no",
        "https://",
    ],
)
def test_an_address_must_be_safe(tmp_path: Path, address: str) -> None:
    assert "base_url must" in problem(tmp_path, GOOD.replace("https://api.example.no", address))


def test_this_machine_may_be_asked_without_tls(tmp_path: Path) -> None:
    read_connection(written(tmp_path, GOOD.replace("https://api.example.no", "http://127.0.0.1:8080")))


def test_a_secret_does_not_belong_in_the_file_and_is_not_repeated(tmp_path: Path) -> None:
    message = problem(tmp_path, f'{GOOD}client_secret = "hush-hush"\n')
    assert "client_secret must not stand in this file" in message
    assert "hush-hush" not in message
    assert "hush-hush" not in problem(tmp_path, f"{GOOD}client_secret = hush-hush\n")


def test_secrets_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, GOOD)
    monkeypatch.setenv(CLIENT_SECRET, "hush-hush")
    secrets = read_secrets(file, read_connection(file))
    assert secrets == Secrets("hush-hush")
    assert "hush-hush" not in repr(secrets)


def with_secrets(folder: Path, text: str, mode: int = 0o600) -> tuple[Path, Connection]:
    secret_file = folder / "fint.secrets"
    secret_file.write_text(text)
    secret_file.chmod(mode)
    file = written(folder, f'{GOOD}secrets_file = "fint.secrets"\n')
    return file, read_connection(file)


def test_secrets_of_a_file(tmp_path: Path) -> None:
    found = with_secrets(tmp_path, 'client_secret = "a"\nusername = "b"\npassword = "c"\n')
    assert read_secrets(*found) == Secrets("a", "b", "c")


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ('client_secret = "hush-hush"', 0o644, "may be read by others. Run: chmod 600"),
        ('client_secret = "hush-hush"', 0o640, "may be read by others. Run: chmod 600"),
        ('client_secret = "hush-hush"\ntoken = "x"', 0o600, "must hold lines like"),
        ("client_secret = hush-hush", 0o600, "must hold lines like"),
        ('client_secret = "hush-hush"\nusername = "u"', 0o600, "come together"),
        ('username = "u"\npassword = "hush-hush"', 0o600, "no client secret"),
    ],
)
def test_a_file_of_secrets_that_will_not_do(tmp_path: Path, text: str, mode: int, said: str) -> None:
    found = with_secrets(tmp_path, text, mode)
    with pytest.raises(SourceError, match=r"fint\.secrets|county\.toml") as problem:
        read_secrets(*found)
    assert said in str(problem.value)
    assert "hush-hush" not in str(problem.value)


def test_no_secret_at_all(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    with pytest.raises(SourceError, match=CLIENT_SECRET):
        read_secrets(file, read_connection(file))
