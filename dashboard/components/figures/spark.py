"""A line small enough for a table row, as the outline of one element: it follows theme and printer."""

from typing import Any

from dashboard.components import html


def spark(values: list[Any], highest: float) -> html.Span:
    """An area from zero to `highest`; weeks that may not be shown are left out."""
    shown = [(i, v) for i, v in enumerate(values) if isinstance(v, int | float)]
    if len(shown) < 2 or not highest:
        return html.Span(className="spark-none")
    last = max(len(values) - 1, 1)
    line = [f"{100 * i / last:.1f}% {100 - 100 * float(v) / highest:.1f}%" for i, v in shown]
    first, end = (100 * shown[0][0] / last, 100 * shown[-1][0] / last)
    outline = ", ".join([f"{first:.1f}% 100%", *line, f"{end:.1f}% 100%"])
    return html.Span(className="spark", style={"clipPath": f"polygon({outline})"})
