"""Grain: work process × school year with samples. Meaning: how alike counties and schools do the work."""

from estimation.warehouse import spread
from ingest.bridge import ArrowStream


def model(dbt, session):
    dbt.ref("sample_known"), dbt.ref("measured_school")
    return ArrowStream(spread(dbt.ref))
