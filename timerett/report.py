"""Reports that stand alone, as PDF: the same documents the dashboard hands out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader
from dashboard.documents.served import DOCUMENTS
from dashboard.pages import EmptyError
from dashboard.queries.benefits import measuring_counties
from dashboard.queries.common import publication, school_years
from dashboard.queries.database import Published
from dashboard.text import LANGUAGES, Text
from timerett.errors import WrongUseError
from timerett.settings import settings


@dataclass(frozen=True)
class About:
    """Whom the report is about."""

    county: str | None = None
    school: str | None = None
    year: str | None = None


def report(name: str, file: Path, of: About, language: str, out: Console) -> None:
    """Write one report of the published figures: the project owner's, or the director's of the county."""
    if name not in DOCUMENTS:
        raise WrongUseError(f"{name}: no such report. Expected one of {', '.join(sorted(DOCUMENTS))}.")
    if language not in LANGUAGES:
        raise WrongUseError(f"--language {language}: expected one of {', '.join(LANGUAGES)}.")
    state = settings()
    if not state.current.exists():
        raise WrongUseError("Nothing is published yet. Run `timerett build` first.")
    owner = Reader(
        Published(state.current).cursor(), Viewer(Role.OWNER, "command line"), state.suppression_threshold
    )
    reader = _of_director(owner, of) if name == "authority" else _of_owner(owner, of)
    params = {key: value for key, value in asdict(of).items() if value}
    try:
        content = DOCUMENTS[name](reader, publication(owner), Text(language), params)
    except EmptyError as nothing:
        raise WrongUseError(
            "No county has delivered a benefit plan, time samples or cases. Write the sheets with"
            " `timerett sheets`, have them filled in, and load them with `timerett ingest sheet`."
        ) from nothing
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    out.print(str(file), highlight=False, markup=False)


def _of_owner(owner: Reader, of: About) -> Reader:
    if of.school or of.year:
        raise WrongUseError(
            "--school and --year: the steering group's report is of whole counties, until now."
        )
    counties = measuring_counties(owner)
    if of.county and of.county not in counties:
        known = ", ".join(counties) or "no county has delivered benefits"
        raise WrongUseError(f"--county {of.county}: has no benefits here. Expected one of: {known}.")
    return owner


def _of_director(owner: Reader, of: About) -> Reader:
    """The director of the county that answers, with the school and year asked for among what there is."""
    every = {row["school_id"]: row["county_number"] for row in owner.reference("school")}
    if not of.county or of.county not in set(every.values()):
        known = ", ".join(sorted(set(every.values())))
        raise WrongUseError(f"--county {of.county or ''}: name the county that answers, one of: {known}.")
    if of.school and every.get(of.school) != of.county:
        raise WrongUseError(f"--school {of.school}: is no school of county {of.county} here.")
    reader = owner.seen_by(Viewer(Role.DIRECTOR, "command line", of.county))
    years = school_years(reader)
    if not years or of.year not in (None, *years):
        raise WrongUseError(
            f"--year {of.year or ''}: nothing is published. Published: {', '.join(years) or 'none'}."
        )
    return reader
