"""The part of the Data page about rows: what came, what became of it, and what was set aside."""

from dashboard.access.roles import Role
from dashboard.access.scope import Row
from dashboard.components import html
from dashboard.components.card import Cards
from dashboard.components.table import Column, Table
from dashboard.pages import Request
from dashboard.pages.rules import field_words, rule_words
from dashboard.pages.words import worded
from dashboard.queries import data
from dashboard.text import Text

EXAMPLES_FOR = (Role.DIRECTOR, Role.ANALYST, Role.OWNER)


def words(key: str, otherwise: str, text: Text) -> str:
    """The phrase, where there is one for what the data hold."""
    return text(key) if text.has(key) else otherwise


def _counts(text: Text) -> list[Column]:
    return [Column(f"rows_{name}", text(f"data_page.{name}"), "count") for name in ("read", *data.ROWS)]


def batches_card(cards: Cards, batches: list[Row], text: Text) -> html.Section:
    rows = [
        {
            **row,
            "name": _source(row["source"], text),
            "extracted": text.moment(row["extracted_at"]),
            "kind": words(f"data_page.kind_{row['kind']}", row["kind"], text),
            "outcome": words(f"data_page.outcome_{row['outcome']}", row["outcome"], text),
        }
        for row in batches
    ]
    columns = [
        Column("name", text("data_page.source")),
        Column("extracted", text("data_page.extracted")),
        Column("kind", text("data_page.kind")),
        Column("outcome", text("data_page.outcome")),
        Column("rows_read", text("data_page.read"), "count"),
        Column("rows_landed", text("data_page.landed"), "count"),
        Column("rows_quarantined", text("data_page.quarantined"), "count"),
    ]
    newest = text.day(batches[0]["extracted_at"])
    return cards.card(
        text("data_page.batches", n=text.number(len(batches)), day=newest),
        Table("batches", text("data_page.batches_caption"), columns, rows),
        shown_rows=8,
        defined=("rows_accounted",),
    )


def _source(source: str, text: Text) -> str:
    system, _, part = source.partition(":")
    name = words(f"source.{system}", system, text)
    return f"{name}: {words(f'source_part.{part}', part, text)}" if part else name


def files_card(cards: Cards, request: Request, text: Text) -> html.Section:
    """Every row read is landed, unchanged, superseded or set aside: the sum is checked here too."""
    rows = [{**row, "table": worded(text, "table", row["table_name"])} for row in data.files(request.reader)]
    off = sum(1 for row in rows if row["rows_read"] != sum(row[f"rows_{name}"] for name in data.ROWS))
    columns = [
        Column("source_file", text("data_page.file")),
        Column("table", text("data_page.table")),
        *_counts(text),
    ]
    read = sum(row["rows_read"] for row in rows)
    return cards.card(
        text("data_page.files_off", n=text.number(off))
        if off
        else text("data_page.files", n=text.number(read)),
        Table("files", text("data_page.files_caption"), columns, rows),
        shown_rows=8,
        note=text("data_page.files_note"),
        defined=("rows_accounted",),
    )


def quarantine_card(cards: Cards, request: Request, rows: list[Row], text: Text) -> html.Section:
    shown = request.reader.viewer.role in EXAMPLES_FOR
    told = [
        {
            **row,
            "rule": rule_words(row["rule"], text),
            "table": worded(text, "table", row["table_name"]),
            "column": field_words(row["column_name"], text),
            "waits": text("data_page.waits" if row["waiting"] else "data_page.broken"),
            "place": text("data_page.place", file=row["file"], row=text.number(row["source_row"])),
        }
        for row in rows
    ]
    columns = [
        Column("rule", text("data_page.rule")),
        Column("table", text("data_page.table")),
        Column("column", text("data_page.column")),
        Column("rows", text("data_page.rows"), "count"),
        Column("waits", text("data_page.why")),
        Column("since", text("column.since"), "day"),
        *(
            [Column("example", text("data_page.example")), Column("place", text("data_page.where"))]
            if shown
            else []
        ),
    ]
    aside = sum(row["rows"] for row in rows)
    waiting = sum(row["rows"] for row in rows if row["waiting"])
    title = text("data_page.quarantine", n=text.number(aside), waiting=text.number(waiting))
    return cards.card(
        title if rows else text("data_page.quarantine_none"),
        Table("quarantine", text("data_page.quarantine_caption"), columns, told),
        shown_rows=10,
        note=text("data_page.quarantine_note"),
        defined=("quarantine",),
        className="wide",
    )


def unknown_card(cards: Cards, request: Request, text: Text) -> html.Section:
    known = {row["subject_code"]: row["name"] for row in request.reader.reference("subject")}
    rows = data.unknown_requirements(request.reader)
    if not rows:
        return html.Section(
            [html.H2(text("data_page.unknown_none")), html.P(text("data_page.unknown_all"))],
            className="card quiet",
        )
    named = [{**row, "name": known.get(row["detail"], row["detail"])} for row in rows]
    columns = [
        Column("name", text("column.subject")),
        Column("detail", text("column.code")),
        Column("schools", text("column.schools"), "count"),
        Column("since", text("column.since"), "day"),
    ]
    return cards.card(
        text("data_page.unknown", n=text.counted("subject_row", len(rows))),
        Table("unknown", text("data_page.unknown_caption"), columns, named),
        shown_rows=8,
        note=text("data_page.unknown_note"),
        defined=("unknown",),
    )
