"""Row-by-row comparison of two versions of the mart, said so that a person can follow it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

KEY = ("school_year", "student_key", "subject_code")
AT_MOST = 12


def differences(expected: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> list[str]:
    """One line per row that differs, lacks or is too many; only the columns of the expected rows count."""
    wanted, got = _by_key(expected), _by_key(found)
    lines = [f"{len(rows)} rows for {key}" for key, rows in got.items() if len(rows) > 1]
    for key in sorted(wanted.keys() | got.keys(), key=str):
        if key not in got:
            lines.append(f"{key} is missing; expected {_brief(wanted[key][0])}")
        elif key not in wanted:
            lines.append(f"{key} is one too many; found {_brief(got[key][0])}")
        else:
            differing = _differing(wanted[key][0], got[key][0])
            if differing:
                lines.append(f"{key}: {', '.join(differing)}")
    return lines


def report(lines: Sequence[str]) -> str:
    more = f"\n... and {len(lines) - AT_MOST} more" if len(lines) > AT_MOST else ""
    return f"{len(lines)} differences:\n" + "\n".join(lines[:AT_MOST]) + more


def _by_key(rows: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(tuple(row[column] for column in KEY), []).append(row)
    return grouped


def _differing(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return [
        f"{column} expected {value}, found {found[column]}"
        for column, value in expected.items()
        if not _agrees(column, value, found[column])
    ]


def _agrees(column: str, expected: Any, found: Any) -> bool:
    """`on_track|at_risk` allows either."""
    if column == "status":
        return found == expected or found in str(expected).split("|")
    return bool(expected == found)


def _brief(row: dict[str, Any]) -> str:
    return ", ".join(f"{column} {value}" for column, value in row.items() if value not in (0, None))
