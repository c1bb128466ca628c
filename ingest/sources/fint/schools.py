"""Schools, and the county they lie in."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ingest.county import county_since
from ingest.sources.fint.checks import first_link
from ingest.sources.fint.codes import OWNERS, CodeList, Meaning, must_be_one_of
from ingest.sources.fint.dump import Batch, Dump
from ingest.sources.fint.links import hrefs
from ingest.sources.fint.relations import Index
from ingest.sources.output import Output, schema

_PLACES = ("organisasjon", "fylke", "kommune")
_COLUMNS = ("source_file", "source_row", "school_id", "valid_from", "county_number", "name")
_MORE = ("organisation_number", "owner", "owner_link")


@dataclass
class Schools:
    """Every school of the delivery by its id fields, and the county where it is one and the same."""

    index: Index[str]
    county_number: str | None
    school_ids: frozenset[str]


def read_schools(dump: Dump, output: Output, stated_county: str | None) -> Schools:
    counties = _Counties(dump, stated_county)
    owners = Meaning(dump, "skole", "skoleeierType", CodeList(dump, "skoleeiertype"), OWNERS)
    index: Index[str] = Index("skole")
    rows: list[tuple[object, ...]] = []
    relations = ("skoleeierType", *_PLACES)
    for batch in dump.batches("skole", "school", ("navn",), relations):
        school_ids = batch.values("skolenummer")
        index.add(batch, school_ids)
        columns = (batch.rows, school_ids, batch.values("navn"), batch.values("organisasjonsnummer"))
        owned = owners.every(batch)
        for at, (row, school_id, name, number) in enumerate(zip(*columns, strict=True)):
            county = counties.of(batch, at)
            since = county_since(county)
            # A county's own interface serves the county's own schools, unless it says otherwise.
            owner = owned[at][0] if owned[at] else "county"
            link = first_link(batch, "skoleeierType", at)
            rows.append((batch.file, row, school_id, since, county, name, number, owner, link))
    types = schema("school") | {"owner_link": pl.String()}
    frame = pl.DataFrame(rows, schema={name: types[name] for name in (*_COLUMNS, *_MORE)}, orient="row")
    frame = output.require("school", frame, "school_id", "has a skolenummer")
    frame = output.require(
        "school", frame, "county_number", "lies in a known county: put county_number in delivery.json"
    )
    frame = output.require("school", frame, "owner", must_be_one_of(OWNERS), "owner_link")
    output.add("school", frame)
    found = frame["county_number"].unique()
    county = stated_county or (found.item() if len(found) == 1 else counties.only)
    ids = frozenset(str(row[2]) for row in rows if row[2])
    return Schools(index, county, ids)


class _Counties:
    """The county a school lies in: as stated, by its links, or the only one the delivery names."""

    def __init__(self, dump: Dump, stated: str | None) -> None:
        self._stated = stated
        self._codes = {"fylke": CodeList(dump, "fylke"), "kommune": CodeList(dump, "kommune")}
        self._organisations: Index[str] = Index("organisasjonselement")
        for batch in dump.batches("organisasjonselement", "school", (), _PLACES[1:]):
            self._organisations.add(batch, [self._linked(batch, at) for at in range(len(batch))])
        self.only = self._only()

    def of(self, batch: Batch, at: int) -> str | None:
        if self._stated:
            return self._stated
        return self._linked(batch, at) or self._of_organisation(batch, at) or self.only

    def _of_organisation(self, batch: Batch, at: int) -> str | None:
        found = map(self._organisations.find, hrefs(batch.links("organisasjon")[at]))
        return next(found, None)

    def _linked(self, batch: Batch, at: int) -> str | None:
        for name, codes in self._codes.items():
            for href in hrefs(batch.links(name)[at]):
                found = next((word for word in codes.words(href) if word[:2].isdigit()), None)
                if found:
                    return found[:2]
        return None

    def _only(self) -> str | None:
        for codes in self._codes.values():
            numbers = {(entry.code or entry.system_id or "")[:2] for entry in codes.entries}
            if len(numbers) == 1 and (number := numbers.pop()).isdigit():
                return number
        return None
