"""The answer to the supervisory authority as a paper to sign: the parts of the page, two to four sides."""

from collections.abc import Mapping
from typing import Any

from dashboard.access.scope import Reader
from dashboard.access.suppression import Hidden, Reason
from dashboard.components.table import NUMERIC, Table, formatted, reason_said
from dashboard.documents import about, render
from dashboard.pages import EmptyError, Request
from dashboard.pages.authority import LISTED, TICKED
from dashboard.pages.authority_answer import Part, Source, checksum, finding, school_of, sure
from dashboard.pages.authority_parts import parts
from dashboard.queries.common import Publication
from dashboard.text import Text
from dashboard.view import View

BESIDE = frozenset({"hours", "causes"})
"""Two narrow tables that stand beside each other."""
TIGHT = 7
"""Columns from which a table is set smaller."""


def authority(reader: Reader, publication: Publication, text: Text, params: Mapping[str, str]) -> bytes:
    """The answer as a PDF; `params`: `year`, and `school` where it is about one."""
    view = View("/authority", {**params, "lang": text.language}, reader.viewer, demo=False, text=text)
    chosen = {"school": params["school"]} if params.get("school") else {}
    request = Request(view, reader, publication, chosen)
    if not request.years:
        raise EmptyError("empty")
    return render("authority", filled(Source(request, school_of(request))), text.language)


def filled(of: Source) -> dict[str, Any]:
    text, found, publication = of.text, parts(of), of.publication
    told = [_filled(part, text) for part in found]
    hiding = [one for part, one in zip(found, told, strict=True) if part.table and _hides(part.table)]
    for first in hiding[:1]:
        first["after"].append(reason_said(Hidden(Reason.FEW, of.reader.threshold), text))
    return {
        "about": about(
            text,
            publication,
            kind=text("authority.kind"),
            place=of.place,
            title=text("authority.title", place=of.place, year=of.year),
            sources=text("authority.sources", build=publication.build_id),
        ),
        "finding": finding(of),
        "second": sure(of),
        "parts": told,
        "stand": [
            {"term": text("shell.as_of"), "text": text.day(publication.as_of)},
            {"term": text("authority.publication"), "text": publication.build_id},
            *_written(of),
            {"term": text("authority.checksum"), "text": checksum(of, found)},
        ],
        "stand-title": text("authority.stand"),
        "stand-note": text("authority.sum_note"),
        "sign": _signatures(of),
        "sign-title": text("authority.sign"),
        "sign-lines": [text("authority.sign_place"), text("authority.sign_name")],
    }


def _written(of: Source) -> list[dict[str, str]]:
    """When the figures were computed; of a closed year, which later publication knows its corrections."""
    now, text = of.request.publication, of.text
    entries = [("authority.built", text.moment(now.built_at))]
    if of.closed:
        entries = [("authority.written_from", f"{now.build_id}, {text.moment(now.built_at)}")]
    return [{"term": text(term), "text": said} for term, said in entries]


def _signatures(of: Source) -> list[str]:
    text = of.text
    if of.school:
        return [text("role.principal"), text("role.director")]
    return [text("role.director"), text("authority.sign_owner")]


def _hides(table: Table) -> bool:
    return any(isinstance(row.get(c.key), Hidden) for row in table.rows for c in table.columns)


def _filled(part: Part, text: Text) -> dict[str, Any]:
    table = part.table
    columns = list(table.columns) if table else []
    return {
        "title": part.title,
        "form": "ticked" if part.name == TICKED else "list" if part.name in LISTED else "words",
        "words": list(part.words),
        "after": list(part.after),
        "columns": [{"head": c.label, "numeric": c.kind in NUMERIC} for c in columns],
        "rows": [
            [
                text.hidden(row[c.key])
                if isinstance(row.get(c.key), Hidden)
                else formatted(row.get(c.key), c.kind, text)
                for c in columns
            ]
            for row in (table.rows if table else ())
        ],
        "tight": len(columns) >= TIGHT,
        "beside": part.name in BESIDE,
    }
