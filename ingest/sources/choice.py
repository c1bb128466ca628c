"""Which profile fits a report: by its file name, by its headings, or by both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.sources.header import heading
from ingest.sources.profile import Profile
from ingest.sources.sheet import open_table


@dataclass(frozen=True)
class Fit:
    """A profile and why it was taken."""

    profile: Profile
    why: str


def choose(file: Path, profiles: Sequence[Profile]) -> Fit | None:
    """The profile for a file; its name counts unless another profile's headings are all there."""
    named = next((profile for profile in profiles if profile.fits(file)), None)
    wanted = frozenset().union(*(profile.known() for profile in profiles)) if profiles else frozenset()
    with open_table(file, named.known() if named else wanted) as table:
        present = set(table.headings)
    if named and not missing(named, present):
        return Fit(named, f"its name is like {_pattern(named, file)}, and it has all the headings")
    if named:
        with open_table(file, wanted) as table:
            present |= set(table.headings)
    whole = [profile for profile in profiles if not missing(profile, present)]
    if whole:
        # Of several the one that explains most of the columns.
        best = max(whole, key=lambda profile: len(present & profile.known()))
        return Fit(best, f"it has all its headings ({', '.join(names[0] for names in best.headings())})")
    return Fit(named, f"its name is like {_pattern(named, file)}") if named else None


def missing(profile: Profile, present: set[str]) -> list[str]:
    """The headings a profile needs that are not there."""
    return [names[0] for names in profile.headings() if not present & set(map(heading, names))]


def _pattern(profile: Profile, file: Path) -> str:
    return next(pattern for pattern in profile.files if profile.fits_pattern(file, pattern))
