"""What a column's cells look like, whatever its heading says."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ingest.identity import identifier
from ingest.sources.cells import moments, typed
from ingest.sources.profile import Formats

LOOKED_AT = 2000
MOST_CODES = 25
_ENOUGH = 0.9
_SUBJECT = r"^[A-ZÆØÅ]{3}\d{4}$"
_CLOCK = r"^(?:kl\.?\s*)?\d{1,2}[:.]\d{2}(?::\d{2})?$|^0[.,]\d+$"
_CLOCKS = r"^(?:kl\.?\s*)?\d{1,2}[:.]\d{2}\s*(?:[-–—]|til)\s*\d{1,2}[:.]\d{2}$"
_SCHOOL = r"^\d{4,6}$"
_DECIMAL_POINT = r"^\d+\.\d{1,2}$"
SEPARATORS = ("|", ";", ",", "+", "/")
# Forms beyond those every profile reads, tried where those fail.
MORE_DATES = ("%m/%d/%Y", "%d.%m", "%Y.%m.%d", "%d %m %Y", "%Y/%m/%d")


@dataclass(frozen=True)
class Contents:
    """Of a column's filled cells, the shares that read as this or that."""

    filled: int
    distinct: int
    date: float
    moment: float
    clock: float
    clocks: float
    whole: float
    number: float
    truth: float
    subject: float
    school: float
    identity: float
    codes: tuple[tuple[str, int], ...]
    date_forms: tuple[str, ...]
    decimal_point: bool
    separator: str | None
    pairs: bool

    @property
    def unique(self) -> bool:
        return self.filled > 1 and self.distinct == self.filled


def look_at(cells: pl.Series) -> Contents:
    filled = cells.drop_nulls().head(LOOKED_AT)
    formats = Formats()
    dates = typed(filled, pl.Date(), formats)
    # A rare code is most likely among the rows that nothing else is looked for in.
    counts = cells.drop_nulls().value_counts(name="count").rows() if len(filled) else []
    return Contents(
        filled=len(filled),
        distinct=filled.n_unique() if len(filled) else 0,
        date=_share(dates),
        moment=_share(moments(filled, formats)),
        clock=_matching(filled, _CLOCK),
        clocks=_matching(filled, _CLOCKS),
        whole=_share(typed(filled, pl.Int64(), formats)),
        number=_share(typed(filled, pl.Decimal(12, 4), formats)),
        truth=_share(typed(filled, pl.Boolean(), formats)),
        subject=_matching(filled, _SUBJECT),
        school=_matching(filled, _SCHOOL),
        identity=_identity(filled),
        codes=tuple(sorted(counts, key=lambda one: (-one[1], one[0]))) if len(counts) <= MOST_CODES else (),
        date_forms=_other_dates(filled) if _share(dates) < _ENOUGH else (),
        decimal_point=_matching(filled, _DECIMAL_POINT) > 0,
        separator=_separator(filled),
        pairs=_matching(filled, r"^[^=|]+=\d+(\|[^=|]+=\d+)*$") > _ENOUGH,
    )


def _share(read: pl.Series) -> float:
    return 1 - read.null_count() / len(read) if len(read) else 0.0


def _matching(cells: pl.Series, pattern: str) -> float:
    return int(cells.str.contains(pattern).sum()) / len(cells) if len(cells) else 0.0


def _identity(cells: pl.Series) -> float:
    found = [identifier("", text).isdigit() for text in cells]
    return sum(found) / len(found) if found else 0.0


def _other_dates(cells: pl.Series) -> tuple[str, ...]:
    found = [
        form for form in MORE_DATES if len(cells) and _share(cells.str.to_date(form, strict=False)) > _ENOUGH
    ]
    return tuple(found[:1])


def _separator(cells: pl.Series) -> str | None:
    """What stands between the items of a cell, if cells hold several."""
    for sign in SEPARATORS:
        if cells.str.contains(sign, literal=True).any():
            return sign
    return None
