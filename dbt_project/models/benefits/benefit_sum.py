"""Grain: county × what is summed by × month × state. Meaning: sums whose intervals are those of the sums."""

from estimation.warehouse import saved, sums
from ingest.bridge import ArrowStream


def model(dbt, session):
    dbt.ref("sample_known"), dbt.ref("measured_school")
    dbt.ref("stg_work_process"), dbt.ref("process_volume")
    return ArrowStream(sums(saved(dbt.ref)))
