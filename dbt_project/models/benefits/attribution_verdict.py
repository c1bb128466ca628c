"""Grain: indicator. Meaning: what can be said of the system's part in the change, and on what it rests."""

from estimation.warehouse import attributed
from ingest.bridge import ArrowStream


def model(dbt, session):
    dbt.ref("indicator_value"), dbt.ref("measured_school"), dbt.ref("competing_event")
    return ArrowStream(attributed(dbt.ref).verdicts)
