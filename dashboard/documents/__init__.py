"""Printed documents: one A4 template a document, filled with words and figures that are already said.

A template knows where things stand on the paper and nothing else: no word, no number format, no arithmetic on
a figure. What it prints is JSON, put together in the reader's language by the document's module beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from dashboard.documents.glyphs import printable
from dashboard.queries.common import Publication
from dashboard.text import Text
from ingest.local_time import OSLO

FOLDER = Path(__file__).parent
FONT = "source-sans-3.ttf"


@dataclass(frozen=True)
class About:
    """What stands around every document, so that it can be understood without the page it came from."""

    kind: str
    """Which document it is: `Rapport til styringsgruppen`."""
    place: str
    title: str
    """The finding, as one sentence."""
    as_of: str
    sources: str
    page: str
    """`Side {n} av {of}`: the paper knows the numbers."""
    synthetic: str = ""
    moment: str = ""
    """When the figures were built, as ISO 8601 in local time: the document's date, so that it is the same
    document however often it is printed."""


def about(text: Text, publication: Publication, *, kind: str, place: str, title: str, sources: str) -> About:
    return About(
        kind=kind,
        place=place,
        title=title,
        as_of=f"{text('shell.as_of')} {text.day(publication.as_of)}",
        sources=sources,
        page=text("document.page", n="{n}", of="{of}"),
        synthetic=text("shell.synthetic") if publication.synthetic else "",
        moment=publication.built_at.astimezone(OSLO).isoformat(timespec="seconds"),
    )


def render(template: str, data: Mapping[str, Any], language: str) -> bytes:
    """The document as a tagged PDF (PDF/UA-1). `data`: what the template asks for, and `about`."""
    around = data["about"]
    filled = {**data, "about": asdict(around), "language": language}
    written = typst.compile(
        str(FOLDER / f"{template}.typ"),
        root=str(FOLDER),
        font_paths=_fonts(),
        sys_inputs={"data": printable(json.dumps(filled, ensure_ascii=False), FOLDER / "fonts" / FONT)},
        pdf_standards=["ua-1"],
        timestamp=datetime.fromisoformat(around.moment),
    )
    return bytes(written)


@cache
def _fonts() -> typst.Fonts:
    """The product's own typeface and no other: a document looks the same on every machine."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER / "fonts")]
    )
