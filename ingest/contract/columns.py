"""The column types of the landing contract, each with one home for its rule.

A column's `metadata` may name the landing column it must point at (`references`) and whether its
values identify a person (`masked`), so that they are never written to quarantine or a log.
"""

from __future__ import annotations

from typing import Any

import dataframely as dy

SCHOOL_YEAR = r"^\d{4}-\d{2}$"


def _metadata(references: str | None, masked: bool) -> dict[str, Any]:
    return {"references": references, "masked": masked}


def text(
    description: str,
    *,
    key: bool = False,
    optional: bool = False,
    references: str | None = None,
    masked: bool = False,
    regex: str | None = None,
) -> dy.String:
    """A non-empty text; `references` is `table.column`."""
    return dy.String(
        primary_key=key,
        nullable=optional,
        min_length=1,
        regex=regex,
        metadata=_metadata(references, masked),
        description=description,
    )


def code(description: str, *values: str, key: bool = False, optional: bool = False) -> dy.Enum:
    """A text from a closed list."""
    return dy.Enum(
        list(values),
        primary_key=key,
        nullable=optional,
        metadata=_metadata(None, False),
        description=description,
    )


def school_year(
    description: str = "School year, `2018-19`.", *, key: bool = False, optional: bool = False
) -> dy.String:
    return text(description, key=key, optional=optional, regex=SCHOOL_YEAR)


def whole(description: str, *, key: bool = False, optional: bool = False, least: int | None = 0) -> dy.Int64:
    """A whole number; counts and minutes are never below `least`."""
    return dy.Int64(
        primary_key=key,
        nullable=optional,
        min=least,
        metadata=_metadata(None, False),
        description=description,
    )


def decimal(description: str, *, optional: bool = False, least: int | None = 0) -> dy.Decimal:
    """Hours and percentages, exact to four decimals."""
    return dy.Decimal(
        12,
        4,
        nullable=optional,
        min=least,
        metadata=_metadata(None, False),
        description=description,
    )


def date(description: str, *, key: bool = False, optional: bool = False) -> dy.Date:
    return dy.Date(
        primary_key=key, nullable=optional, metadata=_metadata(None, False), description=description
    )


def timestamp(description: str, *, key: bool = False, optional: bool = False) -> dy.Datetime:
    """An instant, in UTC."""
    return dy.Datetime(
        primary_key=key,
        nullable=optional,
        time_unit="us",
        time_zone="UTC",
        metadata=_metadata(None, False),
        description=description,
    )


def boolean(description: str, *, optional: bool = False) -> dy.Bool:
    return dy.Bool(nullable=optional, metadata=_metadata(None, False), description=description)
