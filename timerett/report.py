"""Reports that stand alone, as PDF: the same documents the dashboard hands out."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader
from dashboard.documents.served import DOCUMENTS
from dashboard.pages import EmptyError
from dashboard.queries.benefits import measuring_counties
from dashboard.queries.common import publication
from dashboard.queries.database import Published
from dashboard.text import LANGUAGES, Text
from timerett.errors import WrongUseError
from timerett.settings import settings


def report(name: str, file: Path, county: str | None, language: str, out: Console) -> None:
    """Write one report of the published figures, as the project owner sees them."""
    if name not in DOCUMENTS:
        raise WrongUseError(f"{name}: no such report. Expected one of {', '.join(sorted(DOCUMENTS))}.")
    if language not in LANGUAGES:
        raise WrongUseError(f"--language {language}: expected one of {', '.join(LANGUAGES)}.")
    state = settings()
    if not state.current.exists():
        raise WrongUseError("Nothing is published yet. Run `timerett build` first.")
    owner = Viewer(Role.OWNER, "command line")
    reader = Reader(Published(state.current).cursor(), owner, state.suppression_threshold)
    counties = measuring_counties(reader)
    if county and county not in counties:
        known = ", ".join(counties) or "no county has delivered benefits"
        raise WrongUseError(f"--county {county}: has no benefits here. Expected one of: {known}.")
    try:
        content = DOCUMENTS[name](reader, publication(reader), Text(language), county or "")
    except EmptyError as nothing:
        raise WrongUseError(
            "No county has delivered a benefit plan, time samples or cases. Write the sheets with"
            " `timerett sheets`, have them filled in, and load them with `timerett ingest sheet`."
        ) from nothing
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    out.print(str(file), highlight=False, markup=False)
