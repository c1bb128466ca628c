"""The column types of the landing contract, each with one home for its rule.

A column's `metadata` may name the landing column it must point at (`references`).
"""

from __future__ import annotations

import dataframely as dy

SCHOOL_YEAR = r"^\d{4}-\d{2}$"


def text(
    description: str,
    *,
    key: bool = False,
    optional: bool = False,
    references: str | None = None,
    regex: str | None = None,
) -> dy.String:
    """A non-empty text; `references` is `table.column`."""
    return dy.String(
        primary_key=key,
        nullable=optional,
        min_length=1,
        regex=regex,
        metadata={"references": references},
        description=description,
    )


def code(description: str, *values: str, key: bool = False, optional: bool = False) -> dy.Enum:
    """A text from a closed list."""
    return dy.Enum(
        list(values),
        primary_key=key,
        nullable=optional,
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
        description=description,
    )


def decimal(description: str, *, optional: bool = False, least: int | None = 0) -> dy.Decimal:
    """Hours and percentages, exact to four decimals."""
    return dy.Decimal(
        12,
        4,
        nullable=optional,
        min=least,
        description=description,
    )


def date(description: str, *, key: bool = False, optional: bool = False) -> dy.Date:
    return dy.Date(primary_key=key, nullable=optional, description=description)


def timestamp(description: str, *, key: bool = False, optional: bool = False) -> dy.Datetime:
    """An instant, in UTC."""
    return dy.Datetime(
        primary_key=key,
        nullable=optional,
        time_unit="us",
        time_zone="UTC",
        description=description,
    )


def boolean(description: str, *, optional: bool = False) -> dy.Bool:
    return dy.Bool(nullable=optional, description=description)
