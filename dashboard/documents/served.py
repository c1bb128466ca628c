"""Printed documents of the pages: `/document/<name>.pdf`, for whoever may see what they are made of."""

from collections.abc import Callable, Mapping

import flask

from dashboard.access.scope import Reader
from dashboard.documents.authority import authority
from dashboard.documents.steering import steering
from dashboard.export import status_of
from dashboard.queries.common import Publication
from dashboard.routing import Router, bare_view
from dashboard.text import Text

Make = Callable[[Reader, Publication, Text, Mapping[str, str]], bytes]


def _steering(reader: Reader, publication: Publication, text: Text, params: Mapping[str, str]) -> bytes:
    return steering(reader, publication, text, params.get("county", ""))


DOCUMENTS: Mapping[str, Make] = {"authority": authority, "steering": _steering}
"""By name: made from a reader, a publication, a language and the address's choices (county, school, year)."""


def register(server: flask.Flask, router: Router) -> None:
    @server.get("/document/<name>.pdf")
    def document(name: str) -> flask.Response:
        make = DOCUMENTS.get(name)
        if make is None:
            flask.abort(404)
        view = bare_view("/", flask.request.query_string.decode())
        try:
            opened = router.open(view)
            content = make(opened.reader, opened.publication, opened.view.text, view.params)
        except Exception as problem:
            flask.abort(status_of(problem))
        file_name = f"timerett-{name}-{opened.publication.as_of}.pdf"
        disposition = {"Content-Disposition": f"attachment; filename={file_name}"}
        return flask.Response(content, content_type="application/pdf", headers=disposition)
