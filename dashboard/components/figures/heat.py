"""Lost minutes by week and subject, as a table whose cells are shaded and still say their number."""

from html import escape
from math import ceil
from typing import Any

from dashboard.access.scope import Row
from dashboard.components.aria import aria
from dashboard.components.markup import Markup
from dashboard.text import Text

SHADES = 4


def heat(rows: list[Row], text: Text) -> Markup:
    weeks = sorted({(row["week_start"], row["iso_week"]) for row in rows})
    subjects: dict[str, dict[Any, Row]] = {}
    for row in rows:
        subjects.setdefault(row["name"], {})[row["week_start"]] = row
    sums = {name: sum(row["lost"] for row in by_week.values()) for name, by_week in subjects.items()}
    worst = sorted((name for name in sums if sums[name]), key=lambda name: -sums[name])
    highest = max((row["lost"] for row in rows), default=0) or 1
    heads = "".join(f'<th scope="col">{week}</th>' for _, week in weeks)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(_cell(subjects[name].get(start), highest, text) for start, _ in weeks)
        + f'<td class="n">{text.hours(sums[name])}</td></tr>'
        for name in worst
    )
    caption = text("heat.caption")
    content = (
        f'<table><caption class="unseen">{escape(caption)}</caption>'
        f'<thead><tr><th scope="col">{escape(text("heat.subject"))}</th>{heads}'
        f'<th scope="col" class="n">{escape(text("heat.sum"))}</th></tr></thead><tbody>{body}</tbody></table>'
    )
    region = {"className": "scroll heat", "tabIndex": 0, "role": "region", **aria(label=caption)}
    return Markup("div", region, content)


def _cell(row: Row | None, highest: int, text: Text) -> str:
    if row is None or not row["scheduled"]:
        return '<td class="none"></td>'
    if not row["lost"]:
        return '<td class="h0"><span class="unseen">0</span></td>'
    level = ceil(SHADES * row["lost"] / highest)
    return f'<td class="h{level}">{text.hours(row["lost"], 0 if row["lost"] >= 600 else 1)}</td>'
