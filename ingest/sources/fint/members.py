"""Who is in a group: by membership, or by the links between group and elevforhold of older payloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import polars as pl

from ingest.sources.fint.checks import readable, require_link
from ingest.sources.fint.dump import Batch
from ingest.sources.fint.links import hrefs, shown
from ingest.sources.fint.relations import Relation, pairs
from ingest.sources.fint.times import local_dates
from ingest.sources.output import Output

PERIOD = ("gyldighetsperiode.start", "gyldighetsperiode.slutt")
_PLACE = {"source_file": pl.String, "source_row": pl.Int64}


class Named:
    """The groups that enrolments name themselves."""

    GROUPS: ClassVar = ("faggruppe", "undervisningsgruppe", "eksamensgruppe")

    def __init__(self) -> None:
        self._links: dict[str, list[tuple[str, int, str, str]]] = {name: [] for name in self.GROUPS}

    def add(self, batch: Batch) -> None:
        for name, found in self._links.items():
            written = batch.links(name)
            if any(written):
                for row, own, links in zip(batch.rows, batch.ids, written, strict=True):
                    found += [(batch.file, row, own or "", href) for href in hrefs(links)]

    def files(self, group: str) -> list[str]:
        return [file for file, _, _, _ in self._links[group]]

    def found(
        self, group: str, column: str, lookup: Callable[[str], str | None], output: Output, table: str
    ) -> pl.DataFrame:
        """The groups the links lead to, in `column`; one that leads nowhere is rejected."""
        rows = []
        for file, row, enrolment_id, href in self._links[group]:
            target = lookup(href)
            if target is None:
                rule = f"{group} is part of the delivery"
                output.reject(file, row, table, column=column, rule=rule, value=shown(href))
            else:
                rows.append((file, row, enrolment_id, target))
        columns = {**_PLACE, "enrolment_id": pl.String, column: pl.String}
        return pl.DataFrame(rows, schema=columns, orient="row")


def listed(
    batch: Batch,
    enrolled: Relation[str],
    column: str,
    groups: Sequence[str | None],
    *,
    output: Output,
    table: str,
) -> pl.DataFrame:
    """The enrolments that groups name themselves; `groups` is what stands in `column`."""
    places, found = pairs(enrolled.every(batch))
    frame = pl.DataFrame(
        {
            "source_file": batch.file,
            "source_row": [batch.rows[at] for at in places],
            "at": places,
            "enrolment_id": found,
            column: [groups[at] for at in places],
        },
        schema={**_PLACE, "at": pl.Int64, "enrolment_id": pl.String, column: pl.String},
    )
    frame = require_link(
        output, table, frame, "enrolment_id", target="elevforhold", batch=batch, relations=(enrolled,)
    )
    return frame.drop("at").filter(pl.col(column).is_not_null())


class Memberships:
    """Rows of one membership table; `direct` are those that only older links may tell."""

    def __init__(
        self, output: Output, table: str, group: str, periods: pl.DataFrame, direct: pl.DataFrame
    ) -> None:
        self._output = output
        self._table = table
        self._on = ("enrolment_id", group)
        self._periods = periods
        self._direct = direct
        self._seen: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Land rows with `start_text` and `end_text`; returns those with a first day."""
        frame = self._dated(frame)
        self._output.add(self._table, frame)
        if self._direct.height:
            self._seen.append(frame.select(self._on))
        return frame

    def add_direct(self) -> pl.DataFrame:
        """Land what no membership told, each once, as long as its enrolment."""
        frame = self._direct
        if self._seen:
            frame = frame.join(pl.concat(self._seen), on=self._on, how="anti")
        frame = frame.unique(self._on, keep="first", maintain_order=True)
        none = pl.lit(None, pl.String)
        frame = self._dated(frame.with_columns(none.alias("start_text"), none.alias("end_text")))
        self._output.add(self._table, frame)
        return frame

    def _dated(self, frame: pl.DataFrame) -> pl.DataFrame:
        """First and last day from the membership's period, else from its enrolment's."""
        frame = frame.with_columns(
            local_dates(frame["start_text"]).alias("own_start"),
            local_dates(frame["end_text"]).alias("own_end"),
        )
        for text, parsed in (("start_text", "own_start"), ("end_text", "own_end")):
            column = text.replace("text", "date")
            frame = readable(self._output, self._table, frame, column, text=text, parsed=parsed)
        if not frame["own_start"].null_count():
            return frame.rename({"own_start": "start_date", "own_end": "end_date"})
        frame = frame.join(self._periods, on="enrolment_id", how="left", maintain_order="left")
        no_period = pl.col("start_text").is_null() & pl.col("end_text").is_null()
        frame = frame.with_columns(
            pl.coalesce("own_start", "enrolment_start").alias("start_date"),
            pl.when(no_period).then("enrolment_end").otherwise("own_end").alias("end_date"),
        )
        return self._output.require(
            self._table, frame, "start_date", "has a gyldighetsperiode, or an elevforhold in the delivery"
        )


def period_texts(batch: Batch) -> dict[str, list[Any]]:
    return {"start_text": batch.values(PERIOD[0]), "end_text": batch.values(PERIOD[1])}
