"""Where the state lives and the few numbers an operator may set."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from ingest.keys import IDENTITY_FILE, PSEUDONYM_FILE

LEAST_SUPPRESSION_THRESHOLD = 5
# Closed school years whose students are kept beside the running one: three years of a course, and complaints.
RETENTION_YEARS = 3
# Minutes of time samples that may be asked of a teacher, or anybody else, in a school year.
MEASURING_MINUTES = 15
# DuckDB needs this much to get anything done, and more than the other of these makes nothing faster.
LEAST_MEMORY_MB, USUAL_MEMORY_MB = 256, 1536
# Where `timerett serve` answers if nothing else is said.
ADDRESS = "http://127.0.0.1:8050"


class SettingsError(Exception):
    """A setting that cannot be used; the message says which, why and what to do."""


def _usual_memory() -> int:
    """A quarter of the machine's memory in MB, within bounds."""
    quarter = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 >> 20
    return min(max(quarter, LEAST_MEMORY_MB), USUAL_MEMORY_MB)


def _whole_number(name: str, default: int, least: int) -> int:
    stated = os.environ.get(name, "").strip()
    if not stated:
        return default
    if not stated.isdecimal() or int(stated) < least:
        raise SettingsError(
            f"{name}={stated}: must be a whole number of at least {least}. Correct or unset it."
        )
    return int(stated)


def _address(name: str, default: str) -> str:
    stated = os.environ.get(name, "").strip()
    parts = urlsplit(stated)
    if stated and (
        parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment
    ):
        raise SettingsError(f"{name}={stated}: must be an address as https://timerett.county.no. Correct it.")
    return (stated or default).rstrip("/")


def _listed(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())


def _network(stated: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(stated)
    except ValueError:
        raise SettingsError(
            f"TIMERETT_TRUSTED_PROXIES={stated}: must be addresses or networks, as 10.0.0.7 or 10.0.0.0/28, "
            "divided by commas. Correct or unset it."
        ) from None


@dataclass(frozen=True)
class Settings:
    """One home folder and the operator's numbers."""

    home: Path
    suppression_threshold: int
    stale_after_teaching_days: int
    retention_years: int = RETENTION_YEARS
    measuring_minutes: int = MEASURING_MINUTES
    memory_mb: int = USUAL_MEMORY_MB
    address: str = ADDRESS
    """Where the dashboard answers its readers: what links in mails and on paper begin with."""
    hosts: tuple[str, ...] = ()
    """The names the dashboard is reached under, beside this machine's own."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Whose word counts on where a request comes from."""

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.home / "published"

    @property
    def current(self) -> Path:
        """The link to the published file that is read now."""
        return self.published / "current.duckdb"

    @property
    def closed(self) -> Path:
        """Closed school years, each in a file of its own."""
        return self.home / "closed"

    @property
    def identity_store(self) -> Path:
        return self.home / "identity.sqlite"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def key_files(self) -> tuple[Path, ...]:
        return (self.keys / PSEUDONYM_FILE, self.keys / IDENTITY_FILE)

    @property
    def erased(self) -> Path:
        """Who may not come back, sealed."""
        return self.home / "erased.sealed"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def dbt_target(self) -> Path:
        return self.home / "dbt"


def settings() -> Settings:
    """The settings in force, from the environment."""
    return Settings(
        home=Path(os.environ.get("TIMERETT_HOME") or "data").resolve(),
        suppression_threshold=_whole_number(
            "TIMERETT_SUPPRESSION_THRESHOLD", 10, LEAST_SUPPRESSION_THRESHOLD
        ),
        stale_after_teaching_days=_whole_number("TIMERETT_STALE_AFTER_TEACHING_DAYS", 10, 1),
        retention_years=_whole_number("TIMERETT_RETENTION_YEARS", RETENTION_YEARS, 0),
        measuring_minutes=_whole_number("TIMERETT_MEASURING_MINUTES", MEASURING_MINUTES, 0),
        address=_address("TIMERETT_ADDRESS", ADDRESS),
        memory_mb=_whole_number("TIMERETT_MEMORY_MB", _usual_memory(), LEAST_MEMORY_MB),
        hosts=_listed("TIMERETT_HOSTS"),
        trusted_proxies=tuple(map(_network, _listed("TIMERETT_TRUSTED_PROXIES"))),
    )
