"""Grain: county × sample to ask for. Meaning: what narrows saved hours most per minute asked."""

from estimation.warehouse import measured_cost
from ingest.bridge import ArrowStream


def model(dbt, session):
    dbt.ref("sample_known"), dbt.ref("measured_school"), dbt.ref("stg_work_process")
    dbt.ref("yearly_case"), dbt.ref("measuring_person"), dbt.ref("measuring_burden")
    return ArrowStream(measured_cost(dbt.ref).plan)
