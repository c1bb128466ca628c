"""The weekly digest as files: for each county and each school a page, a mail ready to send and a PDF.

Nothing is sent from here. The county's own mail server has the queue, the retries, the encryption and the log
that sending needs, and takes each `.eml` as it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader
from dashboard.digest import Digest
from dashboard.digest.content import digest as compose
from dashboard.digest.content import recipients
from dashboard.digest.mail import as_html
from dashboard.digest.message import message, subject
from dashboard.documents.digest import paper
from dashboard.queries.common import publication
from dashboard.queries.database import Published
from dashboard.text import LANGUAGES, Text
from ingest.local_time import OSLO
from timerett.errors import WrongUseError
from timerett.settings import settings


@dataclass(frozen=True)
class Addresses:
    """Who gets which digest, from a TOML file of the county."""

    sender: str = ""
    counties: Mapping[str, Sequence[str]] = field(default_factory=dict)
    schools: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def of(self, digest: Digest) -> Sequence[str]:
        return self.schools.get(digest.school, ()) if digest.school else self.counties.get(digest.county, ())


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    county: str | None = None
    school: str | None = None
    language: str = "nb"
    since: date | None = None
    on: date | None = None
    addresses: Path | None = None


def digest(folder: Path, wanted: Wanted, out: Console) -> None:
    """Write the digests of the newest publication."""
    place = settings()
    if wanted.language not in LANGUAGES:
        raise WrongUseError(f"--language {wanted.language}: expected one of {', '.join(LANGUAGES)}.")
    if folder.exists() and any(folder.iterdir()):
        raise WrongUseError(
            f"{folder}: is not empty. Name a new folder, so that no mail of an earlier week is sent again."
        )
    if not place.current.exists():
        raise WrongUseError("Nothing is published yet. Run `timerett build` first.")
    owner = Reader(
        Published(place.current).cursor(), Viewer(Role.OWNER, "command line"), place.suppression_threshold
    )
    every = recipients(owner)
    addresses = read_addresses(wanted.addresses, every) if wanted.addresses else Addresses()
    chosen = _chosen(every, wanted)
    folder.mkdir(parents=True, exist_ok=True)
    published = publication(owner)
    on = wanted.on or datetime.now(OSLO).date()
    made = 0
    for county, school in chosen:
        made_of = compose(
            owner,
            county,
            school,
            Text(wanted.language),
            on=on,
            since=wanted.since,
            address=place.address,
        )
        if made_of is None:
            continue
        made += 1
        to = addresses.of(made_of)
        file = folder / made_of.file_name
        html = as_html(made_of, subject(made_of), place.address)
        file.with_suffix(".html").write_text(html, encoding="utf-8")
        file.with_suffix(".eml").write_bytes(message(made_of, place.address, sender=addresses.sender, to=to))
        file.with_suffix(".pdf").write_bytes(paper(made_of, published))
    out.print(f"{made} digests are in {folder}.", highlight=False, markup=False)


def _chosen(every: Sequence[tuple[str, list[str]]], wanted: Wanted) -> list[tuple[str, str | None]]:
    pairs: list[tuple[str, str | None]] = []
    for county, schools in every:
        if wanted.county in (None, county):
            pairs += [(county, None), *((county, school) for school in schools)]
    if not pairs:
        known = ", ".join(county for county, _ in every) or "none"
        raise WrongUseError(f"--county {wanted.county}: has no figures here. Expected one of: {known}.")
    if wanted.school:
        pairs = [(county, school) for county, school in pairs if school == wanted.school]
        if not pairs:
            raise WrongUseError(f"--school {wanted.school}: has no figures here. Look at `timerett status`.")
    return pairs


def read_addresses(file: Path, every: Sequence[tuple[str, list[str]]]) -> Addresses:
    """The file of addresses, refused as a whole where anything in it is not understood.

    A mail that goes astray cannot be called back.
    """
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise WrongUseError(f"{file}: is not TOML ({problem}).") from problem
    unknown = set(read) - {"sender", "counties", "schools"}
    if unknown:
        raise WrongUseError(f"{file}: {', '.join(sorted(unknown))}: not known. See docs/operations.md.")
    sender = read.get("sender", "")
    if not _is_address(sender):
        raise WrongUseError(f"{file}: sender: must be an address, as timerett@county.no.")
    known = {county for county, _ in every}
    known_schools = {school for _, schools in every for school in schools}
    return Addresses(
        sender,
        _listed(file, "counties", read.get("counties", {}), known),
        _listed(file, "schools", read.get("schools", {}), known_schools),
    )


def _listed(file: Path, name: str, table: Any, known: set[str]) -> Mapping[str, Sequence[str]]:
    if not isinstance(table, dict):
        raise WrongUseError(f"{file}: {name}: must be a table of numbers and lists of addresses.")
    for number, addresses in table.items():
        if number not in known:
            raise WrongUseError(f"{file}: {name}.{number}: has no figures here. Correct or remove it.")
        if not isinstance(addresses, list) or not addresses or not all(map(_is_address, addresses)):
            raise WrongUseError(f"{file}: {name}.{number}: must be a list of addresses.")
    return table


def _is_address(value: Any) -> bool:
    """One address: no line break that would begin another header, no comma that would add another reader."""
    if not isinstance(value, str) or any(not sign.isprintable() or sign in ",;<> " for sign in value):
        return False
    before, at, domain = value.rpartition("@")
    return bool(before and at and domain)
