"""Erasing one student: everything the product holds about them, at once and for good."""

from __future__ import annotations

import getpass
import re
import secrets
import sys

from rich.console import Console

from ingest import erased
from ingest.identity import PSEUDONYM_LENGTH, IdentityStore, Pseudonyms
from ingest.keys import IDENTITY_FILE, IDENTITY_KEY, UnusableKeyError, identity_key, pseudonym_key
from timerett.build import compute
from timerett.closed_privacy import rewrite_closed
from timerett.errors import WrongUseError
from timerett.lock import exclusive
from timerett.publish import versions
from timerett.removal import Gone, counts, mark
from timerett.renewal import renewed
from timerett.rewriting import Rename, examined, rewrite
from timerett.settings import Settings, settings

NUMBER = re.compile(r"\d{6}[\s-]?\d{5}")


def erase(student: str | None, out: Console) -> None:
    """Remove a student named by pseudonym, else by the national identity number asked for."""
    place = settings()
    if student and NUMBER.fullmatch(student.strip()):
        raise WrongUseError(
            "Never give an identity number on the command line: it would stay in the shell's history. "
            "Run `timerett erase` without it, and type or pipe it when asked."
        )
    if not place.warehouse.exists():
        raise WrongUseError(f"Nothing has landed in {place.home}, so there is nobody to erase.")
    number = None if student else asked_number()
    with exclusive(place.home, "erase"):
        key = pseudonym_key(place.keys)
        students = frozenset({student} if student else with_number(place, key, number or ""))
        gone = Gone(students)
        removed, enrolments = _found(place, gone)
        names = _names_of(place, students)
        if not removed and not names:
            raise WrongUseError(
                "Nobody is known by that, so nothing was changed. The pseudonym stands in the address of the "
                "student's page; or run `timerett erase` and type the national identity number."
            )
        with renewed(place, dict.fromkeys(students), {"what": "one student", "rows": removed}) as beside:
            rename = nameless(students)
            rewrite(place.warehouse, beside.warehouse, gone=gone, rename=rename)
            rewrite_closed(place, beside, "erasure", gone=gone, rename=rename)
            copy_names(place, beside, students)
            before = erased.read(place.erased, key)
            erased.write(beside.erased, key, before.with_students(students, enrolments))
            if versions(place):
                compute(beside, None)
    out.print(
        f"Erased: {sum(removed.values()):,} rows and {len(names)} names; figures are published anew. "
        "Backups, exports and the source's own files are not reached from here: see docs/operations.md.",
        highlight=False,
    )


def asked_number() -> str:
    """The number, typed unseen or piped."""
    piped = (
        sys.stdin.readline() if not sys.stdin.isatty() else getpass.getpass("Identity number (not shown): ")
    )
    digits = re.sub(r"[\s-]", "", piped)
    if not re.fullmatch(r"\d{11}", digits):
        raise WrongUseError("That is no national identity number of eleven digits. Nothing was changed.")
    return digits


def with_number(place: Settings, key: bytes, number: str) -> set[str]:
    """Everybody with the number: as it makes a pseudonym, and as the identity store knows it."""
    found = {Pseudonyms(key).student(number)}
    store_key = identity_key(place.keys)
    return found | (
        IdentityStore(place.identity_store, store_key).with_number(number) if store_key else set()
    )


def _found(place: Settings, gone: Gone) -> tuple[dict[str, int], list[str]]:
    """Rows to remove by table, and the enrolments among them."""
    with examined(place.warehouse) as connection:
        mark(connection, gone)
        rows = connection.execute("SELECT id FROM gone_enrolment WHERE id IS NOT NULL").fetchall()
        return counts(connection, gone), [enrolment for (enrolment,) in rows]


def _names_of(place: Settings, students: frozenset[str]) -> frozenset[str]:
    opened = open_store(place)
    return students & opened[0].keys() if opened else frozenset()


def nameless(students: frozenset[str]) -> Rename:
    """Where a number was part of another id, as that of a group of one, its pseudonym gives way to chance."""
    instead = {student: secrets.token_hex(PSEUDONYM_LENGTH // 2) for student in students}
    return lambda key: instead.get(key, key)


def copy_names(place: Settings, beside: Settings, leaving: frozenset[str]) -> None:
    """The identity store without those who leave."""
    opened = open_store(place)
    if opened:
        store, key = opened
        store.copy(beside.identity_store, key, lambda name: None if name in leaving else name)


def open_store(place: Settings) -> tuple[IdentityStore, bytes] | None:
    """The identity store with its key; None where there is none. One that cannot be opened stops the work."""
    if not place.identity_store.exists():
        return None
    key = identity_key(place.keys)
    if key is None:
        raise UnusableKeyError(
            f"{place.identity_store}: its key is needed for this, and there is none here. Set {IDENTITY_KEY} "
            f"or restore {place.keys / IDENTITY_FILE}. Nothing was changed."
        )
    store = IdentityStore(place.identity_store, key)
    store.require_key()
    return store, key
