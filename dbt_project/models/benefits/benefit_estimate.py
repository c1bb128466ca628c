"""Grain: work process × school × month. Meaning: hours saved, with a 95 % interval and how they are known."""

from estimation.warehouse import saved
from ingest.bridge import ArrowStream


def model(dbt, session):
    dbt.ref("sample_known"), dbt.ref("measured_school")
    dbt.ref("stg_work_process"), dbt.ref("process_volume")
    return ArrowStream(saved(dbt.ref).table())
