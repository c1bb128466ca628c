"""What an operator gets wrong is told in words at the start, with exit code 2 and without a stack trace."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from dashboard.access.sign_in.config import read_sign_in
from dashboard.access.sign_in.mapping import read_role_map
from dashboard.access.sign_in.trying import try_claims
from tests.dashboard.running import free_port
from tests.signin.certified import CLIENT_SECRET
from tests.signin.site import write_settings
from timerett.errors import WrongUseError
from timerett.settings import SettingsError

ROOT = Path(__file__).parents[2]
ISSUER, SITE = "https://login.county.no", "https://timerett.county.no"


def test_the_secret_comes_from_the_environment_or_a_file_of_the_owners(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_settings(tmp_path, ISSUER, SITE)
    assert read_sign_in(file).client_secret == CLIENT_SECRET
    monkeypatch.setenv("TIMERETT_SIGN_IN_CLIENT_SECRET", "from outside")
    found = read_sign_in(file)
    assert found.client_secret == "from outside"  # noqa: S105 - a secret of the tests
    assert "from outside" not in repr(found)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"issuer": '"http://login.county.no"'}, "issuer must begin with https://"),
        ({"issuer": '"login.county.no"'}, "issuer must be a plain address"),
        ({"issuer": '"https://me:pw@login.county.no"'}, "issuer must be a plain address"),
        ({"address": '"http://timerett.county.no"'}, "address must begin with https://"),
        ({"address": '"https://county.no/timerett"'}, "without a path"),
        ({"address": '"https://timerett.county.no/"'}, "without a path"),
        ({"algorithms": '["none"]'}, "algorithms"),
        ({"algorithms": '["HS256"]'}, "algorithms"),
        ({"algorithms": "[]"}, "algorithms"),
        ({"scopes": '["profile"]'}, 'must hold "openid"'),
        ({"leeway_seconds": "3600"}, "leeway_seconds"),
        ({"session": "{ idle_minutes = 0 }"}, "idle_minutes"),
        ({"session": "{ idle = 5 }"}, "idle"),
        ({"claims": '{ also = { groups = "http://groups.county.no" } }'}, "claims.also.groups"),
        ({"claims": '{ also = { sub = "https://groups.county.no" } }'}, "may not set sub"),
        ({"authorize": '{ state = "x" }'}, "may not set state"),
        ({"client_secret": '"in the wrong place"'}, "client_secret must not stand in this file"),
        ({"mapping": '"missing.toml"'}, "missing.toml: cannot be read"),
        ({"secrets_file": '"missing.secrets"'}, "missing.secrets: cannot be read"),
        ({"colour": '"blue"'}, "colour"),
    ],
)
def test_a_wrong_setting_is_told_in_words(tmp_path: Path, more: dict[str, str], told: str) -> None:
    file = write_settings(tmp_path, ISSUER, SITE, **more)
    with pytest.raises(SettingsError) as problem:
        read_sign_in(file)
    assert told in str(problem.value)
    assert "in the wrong place" not in str(problem.value)


def test_a_secret_others_may_read_is_refused(tmp_path: Path) -> None:
    file = write_settings(tmp_path, ISSUER, SITE)
    (tmp_path / "sign-in.secrets").chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        read_sign_in(file)


def serve(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from timerett.cli import main; main()", "serve"]
    return subprocess.run(
        [*command, "--bind", f"127.0.0.1:{free_port()}"],
        env={**os.environ, "TIMERETT_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )


def test_serve_stops_at_a_wrong_setting(tmp_path: Path) -> None:
    file = write_settings(tmp_path, ISSUER, SITE, algorithms='["HS256"]')
    done = serve(tmp_path, TIMERETT_SIGN_IN=str(file))
    assert done.returncode == 2
    assert done.stderr.startswith(f"timerett: {file}: ")
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_serve_stops_where_there_is_no_such_file(tmp_path: Path) -> None:
    done = serve(tmp_path, TIMERETT_SIGN_IN=str(tmp_path / "nowhere.toml"))
    assert (done.returncode, "cannot be read" in done.stderr) == (2, True)


def test_the_examples_in_the_documentation_are_taken(tmp_path: Path) -> None:
    section = (ROOT / "docs" / "operations.md").read_text().partition("\n## Sign-in\n")[2]
    blocks = re.findall(r"```toml\n(.*?)```", section.partition("\n## ")[0], flags=re.DOTALL)
    mappings = [block for block in blocks if "[[rule]]" in block]
    settings = [block for block in blocks if "[[rule]]" not in block]
    assert (len(mappings), len(settings)) == (2, 2)
    for block in mappings:
        file = tmp_path / "roles.toml"
        file.write_text(block)
        assert read_role_map(file).rule
    whole = settings[0] + settings[1]
    (tmp_path / "sign-in.toml").write_text(whole)
    (tmp_path / "sign-in.secrets").write_text('client_secret = "x"\n')
    (tmp_path / "sign-in.secrets").chmod(0o600)
    assert read_sign_in(tmp_path / "sign-in.toml").configuration.claims.userinfo


def test_a_mapping_is_tried_before_anybody_signs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIMERETT_SIGN_IN", str(write_settings(tmp_path, ISSUER, SITE)))
    file = tmp_path / "person.json"
    for claims, told in (
        (
            {"roles": ["timerett.principal:99001", "timerett.director"]},
            "director: county 99\nprincipal: schools 99001\n",
        ),
        ({"roles": ["timerett.owner"]}, "owner: every county\n"),
        ({"roles": []}, "No rule matches: this person would see nothing.\n"),
    ):
        file.write_text(json.dumps(claims))
        try_claims(file, Console(width=160))
        assert capsys.readouterr().out == told
    file.write_text("[]")
    with pytest.raises(WrongUseError, match="one JSON object"):
        try_claims(file, Console())
