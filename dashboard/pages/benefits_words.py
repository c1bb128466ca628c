"""What processes, roles and indicators are called on the pages and papers about benefits."""

from collections.abc import Mapping

from dashboard.access.scope import Row
from dashboard.pages.words import worded
from dashboard.text import Text

HOURS_OF = "hours:"
MINUTES_OF = "minutes:"


def process_name(text: Text, register: Mapping[str, Row], code: str) -> str:
    """As the register names it; a code it does not hold stands as it is."""
    row = register.get(code)
    if row is None:
        return code
    return str((row["name_en"] if text.language == "en" else None) or row["name"] or code)


def role_names(text: Text, roles: str | None) -> str:
    words = [worded(text, "role_name", role) for role in (roles or "").split(";") if role]
    return text.listed([*words[:1], *(word.lower() for word in words[1:])])


def indicator_name(text: Text, register: Mapping[str, Row], indicator: str) -> str:
    if indicator.startswith(HOURS_OF):
        return text("attribution.share_of", kind=worded(text, "hours_kind", indicator.removeprefix(HOURS_OF)))
    return text(
        "attribution.minutes_of", process=process_name(text, register, indicator.removeprefix(MINUTES_OF))
    )


def is_share(indicator: str) -> bool:
    return indicator.startswith(HOURS_OF)


def effect(text: Text, indicator: str, value: float | None) -> str:
    """A difference in the indicator's own unit, always with its sign."""
    if value is None:
        return text.number(None)
    said = text.number(100 * value if is_share(indicator) else value, 1)
    return f"{'+' if value > 0 and said.strip('0,.') else ''}{said}"


def span(text: Text, row: Row) -> str:
    """The 95 % interval of hours, as words."""
    if row["low"] is None or row["high"] is None:
        return ""
    return text("benefits.span", low=text.hours_said(row["low"]), high=text.hours_said(row["high"]))
