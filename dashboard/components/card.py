"""A card: a title that states the finding, the figure, the same as a table on a switch, and its source."""

from dataclasses import dataclass, field, replace
from typing import Any

from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.table import Table, as_html, unfolding
from dashboard.queries.common import Publication
from dashboard.view import View

SPARED = 2
"""So few rows more than a card shows are shown too: unfolding them takes longer than reading them."""


@dataclass
class Cards:
    """The cards of one page; it remembers their tables for the export."""

    view: View
    publication: Publication
    tables: dict[str, Table] = field(default_factory=dict)

    def card(
        self,
        title: str,
        table: Table,
        *,
        figure: Any = None,
        note: Any = None,
        defined: tuple[str, ...] = (),
        className: str = "",  # noqa: N803
        shown_rows: int | None = None,
        figure_is_table: bool = False,
    ) -> html.Section:
        """Without a figure the table is the figure. `shown_rows`: how many of its rows before unfolding."""
        text = self.view.text
        self.tables[table.name] = replace(table, defined=defined)
        if figure is not None and figure_is_table:
            shown: list[Any] = [html.Div(figure, className="figure")]
        elif figure is not None:
            shown = [
                html.Div(figure, className="figure"),
                html.Details(
                    [
                        html.Summary(
                            [
                                html.Span(text("card.as_table"), className="when-closed"),
                                html.Span(text("card.as_figure"), className="when-open"),
                                html.Span(f": {title}", className="unseen"),
                            ]
                        ),
                        as_html(table, text),
                    ],
                    className="as-table",
                ),
            ]
        else:
            shown = self._table_itself(table, shown_rows)
        heading = f"card-{table.name}"
        return html.Section(
            [
                html.H2(title, id=heading),
                html.Div(note, className="card-note") if note else None,
                *shown,
                self._foot(table, defined),
            ],
            id=table.name,
            className=f"card {className}".strip(),
            **aria(labelledby=heading),
        )

    def _table_itself(self, table: Table, shown_rows: int | None) -> list[Any]:
        text = self.view.text
        if shown_rows is None or len(table.rows) <= shown_rows + SPARED:
            return [as_html(table, text)]
        first, every = unfolding(table, text, shown_rows)
        return [
            html.Div(first, className="figure"),
            html.Details(
                [
                    html.Summary(
                        [
                            html.Span(text("card.all_rows", n=len(table.rows)), className="when-closed"),
                            html.Span(text("card.fewer_rows"), className="when-open"),
                            html.Span(f": {table.caption}", className="unseen"),
                        ]
                    ),
                    every,
                ],
                className="as-table",
            ),
        ]

    def _foot(self, table: Table, defined: tuple[str, ...]) -> html.Div:
        text = self.view.text
        parts: list[Any] = [
            html.Span(text("card.as_of", day=text.day(self.publication.as_of, "d MMM y"))),
            html.Span(
                [
                    text("card.export"),
                    *(
                        html.A(
                            [label, html.Span(f": {table.caption}", className="unseen")],
                            href=self.view.href(
                                f"/export{self.view.path.rstrip('/')}/{table.name}.{kind}", **self.view.params
                            ),
                            download="",
                        )
                        for kind, label in (("xlsx", "Excel"), ("csv", "CSV"), ("pdf", "PDF"))
                    ),
                ],
                className="exports",
            ),
        ]
        if defined:
            parts.append(definitions(self.view, defined, table.caption))
        return html.Div(parts, className="foot")


SECTIONS = {
    "entitled": "entitlement",
    "needing": "status",
    "not_scheduled": "not_scheduled",
    "margin": "margin",
    "assumed": "evidence",
    "unknown": "evidence",
    "stale": "evidence",
    "missing": "forecast",
    "forecast": "forecast",
    "backtest": "forecast",
    "known_then": "history",
    "change": "changes",
    "closed_year": "closed_years",
    "limits": "limits",
    "recovery": "recovery",
    "what_if": "what_if",
    "waterfall": "waterfall",
    "exam_time": "waterfall",
    "known_from": "known_from",
    "published": "suppression",
    "absence_limit": "absence_limit",
    "absence_counted": "absence_limit",
    "absence_warning": "absence_limit",
    "absence_law": "absence_limit",
    "reconciliation": "reconciliation",
    "benefit": "benefit",
    "benefit_state": "benefit",
    "volume": "benefit",
    "benefit_interval": "benefit_intervals",
    "benefit_plan": "benefit_plan",
    "minutes_per_case": "minutes",
    "measurement_due": "measuring",
    "sampling_plan": "measuring",
    "measuring_cost": "measuring",
    "attribution": "attribution",
    "pre_trend": "attribution",
    "competing_event": "attribution",
    "control": "attribution",
    "position_plan": "use_of_time",
    "full_time": "use_of_time",
    "standardisation": "standardisation",
    "milestone_late": "rollout",
    "readiness": "rollout",
    "training_effect": "rollout",
    "pilot": "rollout",
}
"""The section of docs/method that goes deeper, for the definitions that have one."""


def definitions(view: View, keys: tuple[str, ...], about: str) -> html.Details:
    """What each figure means, in place."""
    text = view.text
    entries: list[Any] = []
    for key in keys:
        term: Any = text(f"definition.{key}.term")
        if key in SECTIONS:
            term = html.A(term, href=f"{view.href('/method')}#{SECTIONS[key]}")
        entries += [html.Dt(term), html.Dd(text(f"definition.{key}.text"))]
    return html.Details(
        [
            html.Summary([text("card.defined"), html.Span(f": {about}", className="unseen")]),
            html.Dl([*entries]),
            html.P(html.A(text("card.method"), href=view.href("/method"))),
        ],
        className="defined",
    )
