"""The synthetic county: source files as real systems write them, and the truth about them.

Everything is invented: county 99, its schools, its people and their numbers; so are the schools and figures
of the other counties in its rollout sheets. The same arguments give the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from ingest.progress import Progress
from ingest.synthetic import absence, events, exams, groups, planted, situations, timetable
from ingest.synthetic.calendar import delivery_dates, last_known, school_year
from ingest.synthetic.delivery_writer import DeliveryWriter
from ingest.synthetic.dirt import Dirt
from ingest.synthetic.feed import Feed
from ingest.synthetic.fint_common import common
from ingest.synthetic.fint_register import write_register
from ingest.synthetic.fint_roster import RosterWriter
from ingest.synthetic.model import Mover, World
from ingest.synthetic.oneroster_writer import OneRosterWriter
from ingest.synthetic.programme import Curriculum
from ingest.synthetic.report_writer import common_calendar, write_reports
from ingest.synthetic.rollout import write_rollout
from ingest.synthetic.schools import LOADS_LATE, School, county
from ingest.synthetic.totals import Totals
from ingest.synthetic.truth import Truth

DELIVERIES_MISSED = 2
OVERVIEW = "utdanning.vurdering/fravarsoversikt.json"


def generate(
    directory: Path,
    *,
    schools: int = 12,
    years: Sequence[str] = ("2025-26",),
    seed: int = 1,
    deliveries: int = 4,
    size: float = 1,
    oneroster: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write a county's deliveries and truth.json under a directory; with `oneroster` also its packages."""
    schools_there = county(schools, seed, size)
    generator = _Generator(directory, schools_there, sorted(years), seed, deliveries)
    if oneroster:
        generator.add_oneroster()
    generator.run(progress)


class _Generator:
    def __init__(
        self, directory: Path, schools: list[School], years: list[str], seed: int, deliveries: int
    ) -> None:
        self._directory = directory
        self._years = years
        self._seed = seed
        self._schools = schools
        self._truth = Truth(schools=len(schools), years=years, seed=seed)
        self._roster = RosterWriter(set())
        self._dirt = Dirt(seed)
        self._writers = [
            DeliveryWriter(directory, number, day, seed, self._truth)
            for number, day in enumerate(delivery_dates(years, deliveries), start=1)
        ]

        self._oneroster: OneRosterWriter | None = None

    def add_oneroster(self) -> None:
        folders = [(writer.folder, writer.day) for writer in self._writers]
        self._oneroster = OneRosterWriter(self._directory, folders)

    def run(self, progress: Progress | None) -> None:
        if progress:
            progress.start("Synthetic county", len(self._schools) * len(self._years))
        for writer in self._writers:
            writer.open()
        self._common()
        for year in self._years:
            curriculum = Curriculum(year)
            movers: list[Mover] = []
            for school in self._schools:
                movers += self._school_year(school, year, curriculum, movers)
                if progress:
                    progress.advance(1)
        for writer in self._writers:
            writer.close()
        if self._oneroster:
            self._oneroster.close()
        deliveries = [(self._directory / writer.folder, writer.day) for writer in self._writers]
        write_rollout(deliveries, self._schools, self._seed)
        self._truth.write(self._directory / "truth.json")
        if progress:
            progress.finish()

    def _common(self) -> None:
        feed = Feed()
        common(feed, Curriculum(self._years[-1]), self._years)
        for year in self._years:
            common_calendar(feed, school_year(year, 40))
        if self._oneroster:
            self._oneroster.common(Curriculum(self._years[-1]), self._years)
        for writer in self._writers:
            writer.append(feed)

    def _school_year(
        self, school: School, year: str, curriculum: Curriculum, movers: list[Mover]
    ) -> list[Mover]:
        """One school in one year, from its groups to its rows; returns those who moved on."""
        calendar = school_year(year, school.autumn_week)
        rng = random.Random(f"{self._seed}:{year}:{school.index}")
        world = World(school, calendar, curriculum, rng)
        arriving = [mover for mover in movers if mover.to_school == school.index]
        groups.populate(world, arriving)
        plan = timetable.schedule(world)
        leaving = situations.play(world, self._truth, self._schools)
        happened = events.play(world)
        exams.draw(world)
        writers = [writer for writer in self._delivering(school) if writer.morning > world.first_day]
        last = max((last_known(writer.day, calendar) for writer in writers), default=0)
        absences = absence.register(world, happened, last)
        totals = Totals(world, absences)
        feed = Feed()
        self._roster.write(feed, world)
        write_register(feed, world, absences)
        write_reports(feed, world, absences)
        self._dirt.among(feed)
        if self._oneroster:
            self._oneroster.append(world, [writer.folder for writer in writers])
        for writer in writers:
            writer.append(feed)
            writer.append_rows(OVERVIEW, totals.entries(writer.morning))
            planted.count(self._truth, writer.folder, feed, world, writer.morning)
        planted.tell(
            self._truth,
            world,
            plan=plan,
            happened=happened,
            absences=absences,
            totals=totals,
            mornings=[writer.morning for writer in writers],
        )
        situations.missing_language_groups(world, self._truth)
        situations.received(world, arriving, self._truth)
        return leaving

    def _delivering(self, school: School) -> list[DeliveryWriter]:
        """A school that loads late is missing from the last deliveries altogether."""
        missed = DELIVERIES_MISSED if school.part == LOADS_LATE else 0
        return self._writers[: max(1, len(self._writers) - missed)]
