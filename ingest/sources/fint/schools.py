"""Schools, and the county they lie in."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ingest.county import county_since
from ingest.sources.fint.codes import OWNERS, CodeList, must_be_one_of
from ingest.sources.fint.dump import Dump
from ingest.sources.fint.links import Index, first, shown
from ingest.sources.fint.models import Code, Link, Organisation, School
from ingest.sources.output import Output, schema


@dataclass(frozen=True)
class SchoolRecord:
    school_id: str | None


@dataclass
class Schools:
    """Every school of the delivery by its id fields, and the county where it is one and the same."""

    index: Index[SchoolRecord]
    county_number: str | None
    school_ids: frozenset[str]


def read_schools(dump: Dump, output: Output, stated_county: str | None) -> Schools:
    counties = _Counties(dump, stated_county)
    owners = CodeList(dump, "skoleeiertype")
    index: Index[SchoolRecord] = Index()
    rows: list[tuple[object, ...]] = []
    for batch in dump.batches("skole", School, "school"):
        for row, entry in batch:
            school_id = entry.school_number.value if entry.school_number else None
            index.add(
                [
                    ("skolenummer", entry.school_number),
                    ("organisasjonsnummer", entry.organisation_number),
                    ("systemid", entry.system_id),
                ],
                SchoolRecord(school_id),
            )
            number = entry.organisation_number.value if entry.organisation_number else None
            owner_link = first(entry.links.owner) or first(entry.links.owner_older)
            # A county's own interface serves the county's own schools, unless it says otherwise.
            owner = owners.translated(owner_link, OWNERS) if owner_link else "county"
            county = counties.of(entry)
            since = county_since(county)
            rows.append(
                (batch.file, row, school_id, since, county, entry.name, number, owner, shown(owner_link))
            )
    columns = ["source_file", "source_row", "school_id", "valid_from", "county_number", "name"]
    columns += ["organisation_number", "owner", "owner_link"]
    types = schema("school") | {"owner_link": pl.String()}
    frame = pl.DataFrame(rows, schema={name: types[name] for name in columns}, orient="row")
    frame = output.require("school", frame, "school_id", "has a skolenummer")
    frame = output.require(
        "school", frame, "county_number", "lies in a known county: put county_number in delivery.json"
    )
    frame = output.require("school", frame, "owner", must_be_one_of(OWNERS), "owner_link")
    output.add("school", frame)
    found = frame["county_number"].unique()
    county = stated_county or (found.item() if len(found) == 1 else counties.only)
    ids = frozenset(record.school_id for record in index.records if record.school_id)
    return Schools(index, county, ids)


class _Counties:
    """The county a school lies in: as stated, by its links, or the only one the delivery names."""

    def __init__(self, dump: Dump, stated: str | None) -> None:
        self._stated = stated
        self._counties = CodeList(dump, "fylke")
        self._municipalities = CodeList(dump, "kommune")
        self._organisations: Index[Organisation] = Index()
        for batch in dump.batches("organisasjonselement", Organisation, "school"):
            for _, entry in batch:
                ids = (
                    ("organisasjonsid", entry.id),
                    ("organisasjonskode", entry.code),
                    ("organisasjonsnummer", entry.number),
                )
                self._organisations.add(ids, entry)
        self.only = self._only()

    def of(self, school: School) -> str | None:
        if self._stated:
            return self._stated
        linked = self._linked(school.links.county, school.links.municipality)
        organisation = first(school.links.organisation)
        element = self._organisations.find(organisation) if organisation else None
        if linked is None and element:
            linked = self._linked(element.links.county, element.links.municipality)
        return linked or self.only

    def _linked(self, county: list[Link], municipality: list[Link]) -> str | None:
        for codes, links in ((self._counties, county), (self._municipalities, municipality)):
            for link in links:
                found = next((word for word in codes.words(link.href) if word[:2].isdigit()), None)
                if found:
                    return found[:2]
        return None

    def _only(self) -> str | None:
        for codes in (self._counties, self._municipalities):
            numbers = {_number(entry)[:2] for entry in codes.entries}
            if len(numbers) == 1 and (number := numbers.pop()).isdigit():
                return number
        return None


def _number(entry: Code) -> str:
    return entry.code or entry.system_id.value
