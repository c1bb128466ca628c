"""The bridge from removed and changed work, less new, to the net: for the page and for the paper."""

from dashboard.access.scope import Row
from dashboard.components.figures.bridge import Span
from dashboard.pages.benefits_standing import Standing
from dashboard.pages.benefits_words import span
from dashboard.queries import benefits
from dashboard.text import Text


def spans(found: Standing, kinds: dict[str, Row], text: Text) -> list[Span]:
    """What was promised; removed, changed and new work as measured; the net; what is only estimated."""
    rows = []
    if found.promised is not None:
        rows.append(_whole("promised", text("benefits.promised_key"), found.promised, None, text))
    level = 0.0
    for kind in benefits.KINDS:
        row = kinds.get(kind)
        if row is None or row["hours"] is None:
            nobody = text("benefits.not_measured")
            name = text(f"change_kind.{kind}")
            rows.append(Span(name, "unchanged", level, level, None, None, text.number(None), nobody))
            continue
        end = level + row["hours"]
        drawn = "realised" if row["hours"] >= 0 else "against"
        interval = (level + row["low"], level + row["high"])
        said = text.hours(row["hours"])
        rows.append(Span(text(f"change_kind.{kind}"), drawn, level, end, *interval, said, span(text, row)))
        level = end
    rows.append(Span(text("change_kind.unchanged"), "unchanged", level, level, None, None, text.number(0)))
    if found.realised:
        rows.append(_whole("net", text("benefits.net"), found.realised["hours"], found.realised, text))
    if found.estimated:
        word = text("benefits.estimated_beside")
        rows.append(_whole("estimated", word, found.estimated["hours"], found.estimated, text))
    return rows


def _whole(kind: str, name: str, hours: float | None, row: Row | None, text: Text) -> Span:
    low, high = (row["low"], row["high"]) if row else (None, None)
    return Span(name, kind, 0.0, hours or 0.0, low, high, text.hours(hours), span(text, row) if row else "")


def bridge_title(kinds: dict[str, Row], text: Text) -> str:
    """What new work takes back of what removed and changed work saved."""
    new = kinds.get("new")
    gained = sum(row["hours"] for kind, row in kinds.items() if kind != "new" and row["hours"])
    if not kinds:
        return text("benefits.bridge_none")
    if new and new["hours"] < 0 and gained > 0:
        back = text.hours_said(-new["hours"])
        return text("benefits.bridge_title", new=back, gained=text.hours_said(gained))
    return text("benefits.bridge_gain", gained=text.hours_said(gained))
