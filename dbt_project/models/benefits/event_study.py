"""Grain: indicator × periods since adoption.

Meaning: what schools that took up the system did against the others.
"""

import polars as pl

from estimation.warehouse import attributed
from ingest.bridge import ArrowStream


def model(dbt, session):
    dbt.ref("indicator_value"), dbt.ref("measured_school"), dbt.ref("competing_event")
    return ArrowStream(attributed(dbt.ref).event_study.with_columns(pl.col("competing").list.join("|")))
