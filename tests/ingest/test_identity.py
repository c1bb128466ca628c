"""Pseudonyms, keys and the store of names."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ingest.delivery import Person
from ingest.identity import IdentityStore, Pseudonyms, UnusableKeyError, identity_key, pseudonym_key
from ingest.privacy import is_identity_number

NUMBER = "13097248022"
PERSON = Person("k1", "student", "Kari Nordmann", NUMBER, ("1001",))


@pytest.fixture(autouse=True)
def no_keys_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TIMERETT_PSEUDONYM_KEY", "TIMERETT_IDENTITY_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_a_pseudonym_is_the_same_for_the_same_person_and_key_alone() -> None:
    ours = Pseudonyms(b"ours")
    assert ours.student(NUMBER) == Pseudonyms(b"ours").student(NUMBER)
    assert len({ours.student(NUMBER), ours.staff(NUMBER), Pseudonyms(b"theirs").student(NUMBER)}) == 3
    assert len(ours.student(NUMBER)) == 32


def test_keys_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert pseudonym_key(folder) == pseudonym_key(folder)
    assert stat.S_IMODE((folder / "pseudonym.key").stat().st_mode) == 0o600
    assert identity_key(folder) is None


def test_a_damaged_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "pseudonym.key").write_text("too short")
    with pytest.raises(UnusableKeyError, match="Restore the right key"):
        pseudonym_key(tmp_path)


def test_names_come_back_with_the_key_and_nothing_is_readable_on_disk(tmp_path: Path) -> None:
    file = tmp_path / "identity.sqlite"
    store = IdentityStore(file, bytes(32))
    store.remember([PERSON])
    assert store.names(["k1", "k2"]) == {"k1": "Kari Nordmann"}
    assert IdentityStore(file, bytes([1] * 32)).names(["k1"]) == {}
    content = file.read_bytes()
    assert NUMBER.encode() not in content
    assert b"Nordmann" not in content
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_delivery_without_names_keeps_those_known(tmp_path: Path) -> None:
    store = IdentityStore(tmp_path / "identity.sqlite", bytes(32))
    store.remember([PERSON])
    store.remember([Person("k1", "student", None, None)])
    assert store.names(["k1"]) == {"k1": "Kari Nordmann"}


@pytest.mark.parametrize(
    ("number", "verdict"), [(NUMBER, True), ("13097248023", False), ("99999999999", False)]
)
def test_identity_numbers_are_told_from_other_digits(number: str, verdict: bool) -> None:
    assert is_identity_number(number) is verdict
