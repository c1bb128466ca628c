"""Values in the types of the contract, as SQL: what cannot be read exactly becomes null, never a guess.

The common form of a text is tested first, since most rows have it; only others meet the slow patterns.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from ingest.contract.ddl import sql_type

TRUE_WORDS = ("true", "1", "yes")
FALSE_WORDS = ("false", "0", "no")
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
_TIMESTAMP = rf"\d{{4}}-\d{{2}}-\d{{2}}[T ]{_CLOCK}(Z|[+-](0\d|1[0-4]):?[0-5]\d)"
_ZONED, _NAIVE = "TIMESTAMP WITH TIME ZONE", "TIMESTAMP"
_WHOLE = r"[+-]?\d+"
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"


def cast(value: str, given: str, column: dy.Column) -> str:
    """SQL for `value`, a column of DuckDB type `given`, in the type of the contract."""
    wanted = sql_type(column)
    if given == wanted:
        return f"try_cast({value} AS DATE)" if wanted == "DATE" else value
    if given.startswith("ENUM"):
        return cast(f"{value}::VARCHAR", "VARCHAR", column)
    if given == "VARCHAR":
        return _from_text(value, wanted)
    if wanted == "TIMESTAMPTZ":
        return value if given == _ZONED else "NULL::TIMESTAMPTZ"
    if wanted == "BOOLEAN":
        return _from_text(f"{value}::VARCHAR", wanted)
    whole = f"{value} = floor({value})" if wanted == "BIGINT" and given in ("FLOAT", "DOUBLE") else "true"
    return f"CASE WHEN {whole} THEN try_cast({value} AS {wanted}) END"


def _from_text(value: str, wanted: str) -> str:
    if wanted == "VARCHAR":
        return value
    if wanted == "TIMESTAMPTZ":
        return (
            f"CASE WHEN {value} IS NULL THEN NULL "
            f"WHEN {value} LIKE '____-__-__T__:__:__Z' AND {value} NOT LIKE '%T24%' "
            f"THEN try_cast({value} AS TIMESTAMPTZ) "
            f"WHEN regexp_full_match({value}, '{_TIMESTAMP}') THEN try_cast(regexp_replace("
            f"replace({value}, ' ', 'T'), '([+-]\\d\\d)(\\d\\d)$', '\\1:\\2') AS TIMESTAMPTZ) END"
        )
    if wanted == "DATE":
        return f"CASE WHEN {value} LIKE '____-__-__' THEN try_cast({value} AS DATE) END"
    if wanted == "BOOLEAN":
        words = {True: TRUE_WORDS, False: FALSE_WORDS}
        whens = [
            f"WHEN lower({value}) IN ({', '.join(map(repr, listed))}) THEN {truth}"
            for truth, listed in words.items()
        ]
        return f"CASE {' '.join(whens)} END"
    if wanted == "BIGINT":
        whole = f"try_cast({value} AS BIGINT)"
        return (
            f"CASE WHEN {whole}::VARCHAR = {value} OR regexp_full_match({value}, '{_WHOLE}') THEN {whole} END"
        )
    return f"CASE WHEN regexp_full_match({value}, '{_NUMBER}') THEN try_cast({value} AS {wanted}) END"


def type_rule(column: dy.Column, given: str) -> str:
    """What a value must be, where it could not be cast."""
    dtype = column.dtype
    if isinstance(dtype, pl.Enum):
        return f"must be one of {', '.join(dtype.categories.to_list())}"
    if isinstance(dtype, pl.Datetime):
        if given.startswith(_NAIVE) and given != _ZONED:
            return "must have a time zone"
        return "must be a time with Z or an offset, like 2018-09-03T08:00:00Z"
    if isinstance(dtype, pl.Decimal):
        return "must be a number with a decimal point"
    words: dict[type[pl.DataType], str] = {
        pl.Int64: "must be a whole number",
        pl.Date: "must be a date, like 2018-09-03",
        pl.Boolean: "must be true or false",
    }
    return words.get(dtype.base_type(), "must be text")
