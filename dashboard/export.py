"""Any table of any page as a file, with its date, its filters and its definitions on the first sheet."""

import csv
import io
from collections.abc import Callable
from typing import Any

import flask
import xlsxwriter

from dashboard.access import looks
from dashboard.access.roles import RefusedError, Role, Viewer
from dashboard.access.session import NothingCoveredError, SignedOutError
from dashboard.access.suppression import Hidden
from dashboard.components.table import Column, Table, reason_said, reasons, value_of
from dashboard.documents import about
from dashboard.documents.table import table_document
from dashboard.pages import EmptyError
from dashboard.pages.school_what_if import FIELDS
from dashboard.queries.common import Publication
from dashboard.queries.database import NothingPublishedError
from dashboard.routing import Router
from dashboard.text import Text
from dashboard.view import View, language_of
from timerett import faults
from timerett.export import FORMULA_STARTS
from timerett.settings import settings

_NOBODY = Viewer(Role.OWNER, "nobody")
CHOICES = {
    "year": "shell.year",
    "compare": "shell.compare",
    "subject": "column.subject",
    "status": "column.status",
    "group": "column.group",
    "period": "column.period",
    "level": "column.status",
    "county": "column.county",
    "as_of": "edition.label",
    "open": "student.lessons",
    "what_if": "what_if.title",
    **{name: f"what_if.{name}" for name in FIELDS},
}
CHOSEN = {"status": "status", "period": "period", "level": "absence_level"}
"""The phrases of what is chosen, where it is a word and not a name."""
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}


def register(server: flask.Flask, router: Router) -> None:
    @server.get("/export/<path:address>")
    def export(address: str) -> flask.Response:
        path, _, file = f"/{address}".rpartition("/")
        name, _, kind = file.partition(".")
        if kind not in TYPES:
            flask.abort(404)
        params = flask.request.args.to_dict()
        view = View(path or "/", params, _NOBODY, demo=False, text=Text(language_of(params)))
        try:
            opened = router.open(view)
            request, build = router.request(opened, path or "/")
            with looks.gathered(request.page, kind) as looked:
                body = build(request)
                table = body.tables.get(name)
                if table is None or not (about_students(table) or "student" in request.parts):
                    looked.forget()
            content = WRITERS[kind](table, body.title, opened.view, opened.publication) if table else None
        except Exception as problem:
            flask.abort(status_of(problem))
        if content is None:
            flask.abort(404)
        file_name = f"timerett-{name}-{opened.publication.as_of}.{kind}"
        disposition = f"attachment; filename={file_name}"
        return flask.Response(content, content_type=TYPES[kind], headers={"Content-Disposition": disposition})


def about_students(table: Table) -> bool:
    return any("student_key" in row for row in table.rows)


def status_of(problem: Exception) -> int:
    """What a file that cannot be made is answered with; only what nobody foresaw is written down."""
    match problem:
        case EmptyError() | RefusedError():
            # Who may not see a school is not told whether it is there.
            return 404
        case SignedOutError() | NothingCoveredError():
            return 403
        case NothingPublishedError():
            return 503
        case _:
            faults.record(problem, settings().logs, during="dashboard export")
            return 500


def as_csv(table: Table, place: str, view: View, publication: Publication) -> bytes:
    """Semicolons and a byte-order mark: what the county's spreadsheet opens with a double click."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    for line in _about(table, place, view, publication):
        writer.writerow([f"# {line[0]}", *line[1:]])
    columns = _columns(table)
    writer.writerow([_head(column, view.text) for column in columns])
    for row in table.rows:
        writer.writerow([_safe(_value(value_of(row, column), column, view.text)) for column in columns])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def as_xlsx(table: Table, place: str, view: View, publication: Publication) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    about = book.add_worksheet(view.text("export.about"))
    about.set_column(0, 0, 28, bold)
    about.set_column(1, 1, 90, wrapped)
    for i, line in enumerate(_about(table, place, view, publication)):
        about.write_row(i, 0, line)
    sheet = book.add_worksheet(view.text("export.figures"))
    columns = _columns(table)
    sheet.write_row(0, 0, [_head(column, view.text) for column in columns], bold)
    for i, row in enumerate(table.rows, start=1):
        sheet.write_row(i, 0, [_value(value_of(row, column), column, view.text) for column in columns])
    sheet.freeze_panes(1, 1)
    sheet.autofit()
    book.close()
    return stream.getvalue()


def as_pdf(table: Table, place: str, view: View, publication: Publication) -> bytes:
    text = view.text
    sources = text(
        "shell.built",
        day=text.day(publication.as_of),
        moment=text.moment(publication.built_at),
        build=publication.build_id,
    )
    around = about(
        text, publication, kind=text("export.table"), place=place, title=table.caption, sources=sources
    )
    choices = f"{text('export.choices')}: {_chosen(view)}"
    return table_document(table, _columns(table), around, choices, text)


WRITERS = {"xlsx": as_xlsx, "csv": as_csv, "pdf": as_pdf}


def _chosen(view: View) -> str:
    """The page's filters in words; language and role choose no figures."""
    chosen = [
        f"{view.text(CHOICES[name]) if name in CHOICES else name}: {_said(name, value, view.text)}"
        for name, value in sorted(view.params.items())
        if value and name not in ("lang", "role", "as")
    ]
    return "; ".join(chosen) or view.text("export.no_choices")


def _said(name: str, value: str, text: Text) -> str:
    key = f"{CHOSEN.get(name)}.{value}"
    return text(key) if text.has(key) else value


def _columns(table: Table) -> list[Column]:
    return [column for column in table.columns if column.draw is None]


def _head(column: Column, text: Text) -> str:
    return f"{column.label} ({text('export.hours')})" if column.kind in ("hours", "change") else column.label


def _about(table: Table, place: str, view: View, publication: Publication) -> list[list[str]]:
    text = view.text
    lines = [
        [text("export.table"), table.caption],
        [text("export.page"), place],
        [text("shell.as_of"), publication.as_of.isoformat()],
        [text("export.build"), publication.build_id],
        [text("export.choices"), _chosen(view)],
    ]
    if publication.synthetic:
        lines.append([text("export.data"), text("shell.synthetic")])
    lines += [[text("hidden.export"), reason_said(cell, text)] for cell in reasons(table, _columns(table))]
    lines += [[text(f"definition.{key}.term"), text(f"definition.{key}.text")] for key in table.defined]
    return lines


def _value(value: Any, column: Column, text: Text) -> Any:
    if isinstance(value, Hidden):
        return text.hidden(value)
    forms: dict[str, Callable[[Any], Any]] = {
        "hours": lambda minutes: round(float(minutes) / 60, 2),
        "change": lambda minutes: round(float(minutes) / 60, 2),
        "share": lambda ratio: round(float(ratio), 4),
        "count": int,
        "status": lambda status: text(f"status.{status}"),
    }
    return forms.get(column.kind, str)(value)


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets a quote before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
