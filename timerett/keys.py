"""Changing a key: everything made with the old one is made anew with the new one, at once."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Literal

from rich.console import Console

from ingest import erased
from ingest.identity import relinked
from ingest.keys import (
    IDENTITY_FILE,
    IDENTITY_KEY,
    KEY_BYTES,
    PSEUDONYM_FILE,
    PSEUDONYM_KEY,
    UnusableKeyError,
    decoded,
    new_key,
    pseudonym_key,
    write_key,
)
from timerett import audit
from timerett.build import compute
from timerett.closed_privacy import rewrite_closed
from timerett.erase import open_store
from timerett.errors import WrongUseError
from timerett.lock import exclusive
from timerett.publish import versions
from timerett.removal import Gone
from timerett.renewal import renewed
from timerett.rewriting import keys_of_own_pipeline, rewrite
from timerett.settings import Settings, settings

NEW_IDENTITY_KEY = "TIMERETT_NEW_IDENTITY_KEY"
NEW_PSEUDONYM_KEY = "TIMERETT_NEW_PSEUDONYM_KEY"
Which = Literal["identity", "pseudonym"]


def rotate(which: Which, out: Console) -> None:
    """Put a new key in the place of one; until it is done the old one works, from then on only the new."""
    place = settings()
    with exclusive(place.home, f"keys rotate {which}"):
        done = _rotate_identity(place) if which == "identity" else _rotate_pseudonym(place)
    out.print(done, highlight=False, soft_wrap=True)


def _rotate_identity(place: Settings) -> str:
    opened = open_store(place)
    if opened is None:
        raise WrongUseError(f"There is no identity store in {place.home} yet, so there is nothing to rotate.")
    store, _ = opened
    new, from_outside = _new_key(IDENTITY_KEY, NEW_IDENTITY_KEY)
    with renewed(place, {}, {"what": "identity key", "rows": {}}) as beside:
        store.copy(beside.identity_store, new, lambda name: name)
        if not from_outside:
            write_key(beside.keys / IDENTITY_FILE, new)
    told = "The identity store is sealed under the new key; the old one opens nothing any more."
    if not from_outside:
        return f"{told} The new key is in {place.keys / IDENTITY_FILE}: back it up apart from the data."
    return f"{told} Now set {IDENTITY_KEY} to what {NEW_IDENTITY_KEY} is, and unset {NEW_IDENTITY_KEY}."


def _rotate_pseudonym(place: Settings) -> str:
    if not place.warehouse.exists():
        raise WrongUseError(f"Nothing has landed in {place.home}, so there is nothing to rotate.")
    old = pseudonym_key(place.keys)
    remembered = erased.read(place.erased, old)
    link, from_outside = _new_key(PSEUDONYM_KEY, NEW_PSEUDONYM_KEY)
    own, shared = keys_of_own_pipeline(place.warehouse)
    if shared:
        raise WrongUseError(
            f"{len(shared)} persons come under the same pseudonym from the landing source and others, so "
            "your own pipeline uses this key too. Deliver those tables by one way only, and rotate then."
        )

    def renamed(key: str) -> str:
        return key if key in own else relinked(key, link)

    names: dict[str, str | None] = {key: renamed(key) for key in audit.students(place.logs)}
    with renewed(place, names, {"what": "pseudonym key", "rows": {}}) as beside:
        rewrite(place.warehouse, beside.warehouse, rename=renamed)
        rewrite_closed(place, beside, "new_key", gone=Gone(), rename=renamed)
        opened = open_store(place)
        if opened:
            store, identity_key = opened
            store.copy(beside.identity_store, identity_key, renamed)
        students = {relinked(key, link) for key in remembered.students} | (remembered.students & own)
        erased.write(beside.erased, old + link, replace(remembered, students=frozenset(students)))
        if not from_outside:
            write_key(beside.keys / PSEUDONYM_FILE, old + link)
        if versions(place):
            compute(beside, None)
    told = "Everybody has a new pseudonym, and figures are published anew. Earlier exports keep the old ones."
    if not from_outside:
        return f"{told} The key in {place.keys / PSEUDONYM_FILE} has one more line: back it up anew."
    return (
        f"{told} Now set {PSEUDONYM_KEY} to its present value, a comma, and what {NEW_PSEUDONYM_KEY} is; "
        f"then unset {NEW_PSEUDONYM_KEY}."
    )


def _new_key(variable: str, new_variable: str) -> tuple[bytes, bool]:
    """A new key, and whether it comes from the environment as the old one does."""
    if not os.environ.get(variable):
        return new_key(), False
    stated = os.environ.get(new_variable)
    if not stated:
        raise WrongUseError(
            f"{variable} is set, so the new key must come from the environment too: set {new_variable} to "
            f"{KEY_BYTES} random bytes in URL-safe base64, and run this again. Nothing was changed."
        )
    new = decoded(stated, new_variable)
    if len(new) != KEY_BYTES:
        raise UnusableKeyError(f"{new_variable}: must be one key. Nothing was changed.")
    return new, True
