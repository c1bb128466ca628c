"""What dbt's Python models hand to the estimates: relations in, one seeded estimate for all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

import duckdb
import polars as pl

from estimation.attribution import Attribution, attribute
from estimation.measuring import Measuring, measure
from estimation.minutes import Minutes, estimate_minutes
from estimation.sampling_plan import Burden
from estimation.saved_hours import SavedHours, saved_hours
from estimation.standardisation import standardisation
from estimation.training_effect import training_effects
from ingest.bridge import frame_of

Ref = Callable[[str], duckdb.DuckDBPyRelation]
# Every model must draw the same, or its sums would not be those of another's rows.
SEED = 1
SUMMED_BY = ("all", "change_kind", "role", "process_code")


def measured_minutes(ref: Ref) -> Minutes:
    """Minutes per case of every process at every school that takes part."""
    return _estimated(*_measured(ref))


def _measured(ref: Ref) -> tuple[bytes, bytes, bytes]:
    samples = frame_of(ref("sample_known"))
    schools = frame_of(ref("measured_school")).select("school_id", pool="county_number").sort("school_id")
    processes = frame_of(ref("stg_work_process")).select("process_code", "change_kind").sort("process_code")
    return _packed(samples.sort(samples.columns)), _packed(schools), _packed(processes)


def _packed(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_ipc(buffer)
    return buffer.getvalue()


def _unpacked(packed: bytes) -> pl.DataFrame:
    return pl.read_ipc(BytesIO(packed))


@lru_cache(maxsize=1)
def _estimated(samples: bytes, schools: bytes, processes: bytes) -> Minutes:
    """Several models of one build need the same draws."""
    return estimate_minutes(*(_unpacked(packed) for packed in (samples, schools, processes)), seed=SEED)


def measured_cost(ref: Ref) -> Measuring:
    """Where to measure next, and what measuring costs."""
    schools = frame_of(ref("measured_school")).sort("school_id")
    processes = frame_of(ref("stg_work_process")).select("process_code", "role").sort("process_code")
    tables = (
        frame_of(ref("yearly_case")).sort("process_code", "school_id"),
        frame_of(ref("measuring_person")).sort("school_id", "role"),
        schools.select("school_id", pool="county_number", adopted=pl.col("adopted_on").is_not_null()),
        processes,
    )
    burden = Burden(*frame_of(ref("measuring_burden")).row(0))
    return _costed(_measured(ref), tuple(_packed(table) for table in tables), burden)


@lru_cache(maxsize=1)
def _costed(measured: tuple[bytes, bytes, bytes], tables: tuple[bytes, ...], burden: Burden) -> Measuring:
    """Two models of one build need the same plan."""
    yearly, people, schools, processes = (_unpacked(packed) for packed in tables)
    return measure(
        _estimated(*measured),
        samples=_unpacked(measured[0]).select("process_code", "school_id", "cases", "this_year"),
        yearly=yearly,
        people=people,
        schools=schools,
        roles=dict(processes.iter_rows()),
        burden=burden,
    )


def spread(ref: Ref) -> pl.DataFrame:
    """How alike counties and schools do each process, year by year."""
    schools = frame_of(ref("measured_school")).select("school_id", pool="county_number")
    return standardisation(frame_of(ref("sample_known")), schools, seed=SEED)


def training(ref: Ref) -> pl.DataFrame:
    """What training did to support cases, by county and format."""
    ((as_of,),) = frame_of(ref("publication")).select("as_of_date").rows()
    return training_effects(
        frame_of(ref("training_known")),
        frame_of(ref("support_case_known")).select("school_id", "opened_on"),
        frame_of(ref("school_adoption")).select("school_id", "county_number", "adopted_on"),
        as_of=as_of,
    )


def saved(ref: Ref) -> SavedHours:
    """Saved hours of every process, school and month with cases."""
    processes = frame_of(ref("stg_work_process")).select("process_code", "role")
    volumes = (
        frame_of(ref("process_volume"))
        .select("process_code", "school_id", "county_number", "month", "cases")
        .join(processes, on="process_code")
        .sort("process_code", "school_id", "month")
    )
    return saved_hours(measured_minutes(ref), volumes, frame_of(ref("measured_school")))


def attributed(ref: Ref) -> Attribution:
    """Every indicator's event study and verdict."""
    values = frame_of(ref("indicator_value")).sort("indicator", "school_id", "period")
    return attribute(
        values.select("indicator", "school_id", "period", "value"),
        values.group_by("indicator").agg(pl.col("control").first()),
        frame_of(ref("measured_school")).sort("school_id"),
        frame_of(ref("competing_event")),
        seed=SEED,
    )


def sums(found: SavedHours) -> pl.DataFrame:
    """Per county (`*`: all together), by all / change_kind / role / process_code / school_id, and month:
    hours, low and high, of the month and from the first month to its end. `sum_key` is empty for all."""
    by_county = [_summed(found, "county_number", by) for by in (*SUMMED_BY, "school_id")]
    return pl.concat([*by_county, *(_summed(found, None, by) for by in SUMMED_BY)])


def _summed(found: SavedHours, county: str | None, by: str) -> pl.DataFrame:
    keys = [*([county] if county else []), *([] if by == "all" else [by])]
    of_month = found.total([*keys, "month"])
    until = found.cumulative(keys).select(
        *keys, "state", "month",
        *(pl.col(name).alias(f"{name}_so_far") for name in ("cases", "hours", "low", "high")),
    )  # fmt: skip
    return of_month.join(until, on=[*keys, "state", "month"]).select(
        pl.col(county) if county else pl.lit("*").alias("county_number"),
        pl.lit(by).alias("sum_by"),
        (pl.lit("") if by == "all" else pl.col(by)).alias("sum_key"),
        "month",
        "state",
        pl.col("^(cases|hours|low|high).*$"),
    )
