"""Rules of a whole row, each written once as SQL: DuckDB reads the text as it is, polars by `sql_expr`."""

from __future__ import annotations

import dataframely as dy
import polars as pl
from dataframely._rule import RuleFactory


class Must(RuleFactory):
    """What must hold of a row; named for it in the schema. Where it cannot be told, the row passes."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        super().__init__(lambda _: pl.sql_expr(sql))


def row_rules(schema: type[dy.Schema]) -> dict[str, str]:
    """Name → SQL of every rule of a whole row."""
    return {name: rule.sql for name, rule in vars(schema).items() if isinstance(rule, Must)}
