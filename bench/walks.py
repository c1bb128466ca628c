"""Which pages there are for whom, and how fifty people walk through them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.asking import Click

PEOPLE = {"principal": 24, "teacher": 10, "director": 7, "analyst": 5, "owner": 4}
LANGUAGES = ("nb", "nb", "nb", "nb", "nn", "en")
OTHER_PAGES = {
    "principal": ("/changes", "/absence", "/data", "/method"),
    "teacher": ("/changes", "/absence", "/data"),
    "director": ("/changes", "/absence", "/benefits", "/rollout", "/data", "/method"),
    "analyst": ("/changes", "/absence", "/benefits", "/rollout", "/data", "/method"),
    "owner": ("/changes", "/benefits", "/rollout", "/data", "/method"),
}


@dataclass(frozen=True)
class Places:
    """What there is to click on in a publication."""

    county: str
    schools: dict[str, list[str]]
    """Schools with figures, each with some of its students."""
    own: list[str]
    """Those of the county."""
    subjects: list[str]


def places(published: Path) -> Places:
    with duckdb.connect(str(published), read_only=True) as connection:
        rows = connection.execute(
            "select school_id, county_number, list(student_key order by missing_minutes desc nulls last)[:8]"
            " from marts.student_subject_coverage group by all order by school_id"
        ).fetchall()
        subjects = connection.execute(
            "select subject_code from marts.school_subject_coverage group by 1 order by sum(students) desc"
        ).fetchall()
    county = rows[0][1]
    return Places(
        county,
        {school: list(students) for school, _, students in rows},
        [school for school, number, _ in rows if number == county],
        [subject for (subject,) in subjects],
    )


def every_page(found: Places) -> list[Click]:
    """Each page once for each role that may open it."""
    school = next(iter(found.schools))
    student = found.schools[school][0]
    as_school = {"as": school}
    clicks = []
    for role in PEOPLE:
        more = as_school if role in ("principal", "teacher") else {}
        clicks += [Click(path, role, more) for path in ("/", *OTHER_PAGES[role])]
        if role in ("director", "analyst", "owner"):
            clicks.append(Click(f"/county/{found.county}", role))
        if role in ("director", "analyst"):
            clicks.append(Click(f"/school/{school}", role))
        if role in ("principal", "analyst"):
            clicks.append(Click(f"/school/{school}/student/{student}", role, more))
    return clicks


def people(found: Places, seed: int) -> list[Iterator[Click]]:
    """The walks of fifty people; the schools' own come from schools all over the country."""
    chance = random.Random(seed)
    schools = list(found.schools)
    walks = []
    for role, count in PEOPLE.items():
        for _ in range(count):
            own = chance.choice(schools)
            walks.append(_walk(role, own, found, random.Random(chance.random())))
    return walks


def _walk(role: str, own: str, found: Places, chance: random.Random) -> Iterator[Click]:
    """Overview, down to where it hurts, up again, another page; now and then a file."""
    more = {"lang": chance.choice(LANGUAGES)}
    if role in ("principal", "teacher"):
        more["as"] = own
    while True:
        yield Click("/", role, more)
        if role in ("director", "analyst"):
            own = chance.choice(found.own)
        if role in ("director", "analyst", "owner") and chance.random() < 0.5:
            yield Click(f"/county/{found.county}", role, more)
        if role != "owner":
            yield Click(f"/school/{own}", role, more)
            subject = {"subject": chance.choice(found.subjects[:12])}
            yield Click(f"/school/{own}", role, {**more, **subject})
        if role in ("principal", "analyst"):
            for student in chance.sample(found.schools[own], k=min(2, len(found.schools[own]))):
                yield Click(f"/school/{own}/student/{student}", role, more)
        yield Click(chance.choice(OTHER_PAGES[role]), role, more)
        if chance.random() < 0.1 and role != "owner":
            yield Click(f"/export/school/{own}/groups.{chance.choice(['xlsx', 'csv'])}", role, more)
