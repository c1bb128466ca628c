"""Grain: county (`*` all) × format. Meaning: what training did to support cases, or why it cannot be said."""

from estimation.warehouse import training
from ingest.bridge import ArrowStream


def model(dbt, session):
    (
        dbt.ref("training_known"),
        dbt.ref("support_case_known"),
        dbt.ref("school_adoption"),
        dbt.ref("publication"),
    )
    return ArrowStream(training(dbt.ref))
