"""Schools: the organisations of type school, known by the school number in `identifier`."""

from __future__ import annotations

import polars as pl

from ingest.county import county_since
from ingest.sources.oneroster.rows import Rows
from ingest.sources.output import PLACE

SCHOOL = "school"
_NUMBER = r"^\d{3,6}$"
_COUNTY = r"^\d{2}$"


class Schools:
    """School numbers by organisation id, and the county."""

    def __init__(self, rows: Rows, stated_county: str | None) -> None:
        self.numbers: dict[str, str] = {}
        self.county_number = stated_county
        batches = list(rows.all("orgs"))
        if stated_county is None:
            self.county_number = _county_above(batches)
        for batch in batches:
            self._read(rows, batch)

    @property
    def school_ids(self) -> frozenset[str]:
        return frozenset(self.numbers.values())

    def _read(self, rows: Rows, batch: pl.DataFrame) -> None:
        output = rows.outputs.of("school")
        schools = batch.filter(pl.col("type").str.to_lowercase() == SCHOOL)
        numbered = pl.col("identifier").str.contains(_NUMBER).fill_null(value=False)
        rule = "identifier is the school number (skolenummer)"
        rows.outputs.reject(schools.filter(~numbered), "orgs", "identifier", rule, show=True)
        schools = schools.filter(numbered)
        frame = schools.select(
            *PLACE,
            "sourcedId",
            pl.col("identifier").alias("school_id"),
            pl.lit(county_since(self.county_number)).alias("valid_from"),
            pl.lit(self.county_number, pl.String).alias("county_number"),
            "name",
            # A county's own system serves the county's own schools; OneRoster cannot say otherwise.
            pl.lit("county").alias("owner"),
            "deleted",
        )
        self.numbers.update(frame.select("sourcedId", "school_id").rows())
        output.delete("school", frame.filter("deleted"))
        kept = frame.filter(~pl.col("deleted"))
        rule = "lies in a known county: put county_number in delivery.json"
        output.add("school", output.require("school", kept, "county_number", rule))


def _county_above(batches: list[pl.DataFrame]) -> str | None:
    """The one organisation above schools whose identifier is a county number."""
    found = {
        identifier
        for batch in batches
        for identifier in batch.filter(
            (pl.col("type").str.to_lowercase() != SCHOOL) & pl.col("identifier").str.contains(_COUNTY)
        )["identifier"]
    }
    return found.pop() if len(found) == 1 else None
