"""Grain: work process × school × phase, and × county as school `*`.

Meaning: minutes per case by partial pooling, with a 95 % interval.
"""

import polars as pl

from estimation.warehouse import measured_minutes
from ingest.bridge import ArrowStream


def model(dbt, session):
    dbt.ref("sample_known"), dbt.ref("measured_school"), dbt.ref("stg_work_process")
    found = measured_minutes(dbt.ref)
    schools = found.table()
    counties = found.process_table().with_columns(school_id=pl.lit("*"))
    return ArrowStream(pl.concat([schools, counties.select(schools.columns)]))
