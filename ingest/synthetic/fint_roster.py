"""A school's people, groups and memberships as FINT serves them."""

from __future__ import annotations

from ingest.synthetic.calendar import midnight
from ingest.synthetic.feed import Feed
from ingest.synthetic.hal import (
    ELEV,
    KODEVERK,
    PROGRAM,
    TIMEPLAN,
    VURDERING,
    Links,
    compact,
    entry,
    identifier,
    link,
)
from ingest.synthetic.model import Enrolment, Membership, Taking, World
from ingest.synthetic.people import Person


def _period(start: int, end: int) -> dict[str, str]:
    return {"slutt": midnight(end), "start": midnight(start)}


class RosterWriter:
    """Turns one school's year into entries; people and schools are written once, however many years."""

    def __init__(self, seen: set[str]) -> None:
        self._seen = seen

    def write(self, feed: Feed, world: World) -> None:
        self._school(feed, world)
        self._teachers(feed, world)
        self._groups(feed, world)
        for enrolment in world.enrolments:
            self._student(feed, enrolment)
            _enrolment(feed, world, enrolment)
            _memberships(feed, world, enrolment)

    def _first_time(self, key: str) -> bool:
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _school(self, feed: Feed, world: World) -> None:
        school = world.school
        if self._first_time(school.school_id):
            text = entry(
                f"{PROGRAM}.skole",
                school.system_id,
                {"skoleeierType": [link(f"{KODEVERK}.skoleeiertype", "1")]},
                navn=school.name,
                organisasjonsnavn=school.name,
                organisasjonsnummer=identifier(school.organisation_number),
                skolenummer=identifier(school.school_id),
            )
            feed.add(f"{PROGRAM}/skole.json", text)

    def _teachers(self, feed: Feed, world: World) -> None:
        school_link = [link(f"{PROGRAM}.skole", world.school.school_id, "skolenummer")]
        for number, person in enumerate(world.teachers):
            staff_id = f"SR{world.school.school_id}-{number:03d}"
            if self._first_time(staff_id):
                links = {
                    "person": [link("felles.person", person.number, "fodselsnummer")],
                    "skole": school_link,
                }
                feed.add(f"{ELEV}/skoleressurs.json", entry(f"{ELEV}.skoleressurs", staff_id, links))
                feed.add(f"{ELEV}/person.json", _person(person, {}))
            links = {"skoleressurs": [link(f"{ELEV}.skoleressurs", staff_id)], "skole": school_link}
            text = entry(f"{ELEV}.undervisningsforhold", post(world, number), links, beskrivelse="Faglærer")
            feed.add(f"{ELEV}/undervisningsforhold.json", text)

    def _student(self, feed: Feed, enrolment: Enrolment) -> None:
        number = enrolment.student_number
        if not self._first_time(number):
            return
        links = {"person": [link("felles.person", enrolment.person.number, "fodselsnummer")]}
        text = entry(f"{ELEV}.elev", f"EL{number}", links, elevnummer=identifier(number))
        feed.add(f"{ELEV}/elev.json", text, enrolment.known_from)
        to_student = {"elev": [link(f"{ELEV}.elev", number, "elevnummer")]}
        feed.add(f"{ELEV}/person.json", _person(enrolment.person, to_student), enrolment.known_from)

    def _groups(self, feed: Feed, world: World) -> None:
        year = [link(f"{KODEVERK}.skolear", world.year.name[2:])]
        by_number = link(f"{PROGRAM}.skole", world.school.school_id, "skolenummer")
        by_system_id = link(f"{PROGRAM}.skole", world.school.system_id, "systemId")
        for group in world.groups:
            if group.exists:
                links = {
                    "skole": [by_system_id],
                    "skolear": year,
                    "fag": [link(f"{TIMEPLAN}.fag", f"FA_{code}") for code in group.subjects],
                    "undervisningsforhold": [
                        link(f"{ELEV}.undervisningsforhold", post(world, group.teacher))
                    ],
                }
                text = entry(
                    f"{TIMEPLAN}.undervisningsgruppe",
                    group.group_id,
                    links,
                    navn=group.name,
                    beskrivelse=group.name,
                )
                feed.add(f"{TIMEPLAN}/undervisningsgruppe.json", text)
        for cohort in world.cohorts:
            for name in cohort.class_names:
                links = {
                    "skole": [by_number],
                    "skolear": year,
                    "trinn": [link(f"{PROGRAM}.arstrinn", f"vg{cohort.level}")],
                }
                text = entry(f"{ELEV}.klasse", class_id(world, name), links, navn=name, beskrivelse=name)
                feed.add(f"{ELEV}/klasse.json", text)
        for code in sorted({code for e in world.enrolments for code in _codes(world, e)}):
            links = {"fag": [link(f"{TIMEPLAN}.fag", f"FA_{code}")], "skole": [by_number], "skolear": year}
            text = entry(
                f"{TIMEPLAN}.faggruppe", _subject_group(world, code), links, navn=code, beskrivelse=code
            )
            feed.add(f"{TIMEPLAN}/faggruppe.json", text)


def _person(person: Person, links: Links) -> str:
    body = {
        "fodselsdato": f"{person.birth_date}T00:00:00Z",
        "fodselsnummer": identifier(person.number),
        "navn": {"etternavn": person.family_name, "fornavn": person.given_name},
    }
    return compact(body, links, link("felles.person", person.number, "fodselsnummer"))


def post(world: World, teacher: int) -> str:
    return f"UF{world.school.school_id}-{world.year.short}-{teacher:03d}"


def class_id(world: World, name: str) -> str:
    return f"KL{world.school.school_id}-{world.year.short}-{name}"


def _subject_group(world: World, code: str) -> str:
    return f"FG{world.school.school_id}-{world.year.short}-{code}"


def subject_membership(enrolment: Enrolment, code: str) -> str:
    return f"FGM{enrolment.enrolment_id[2:]}-{code}"


def _codes(world: World, enrolment: Enrolment) -> list[str]:
    """The subjects' own codes and their assessment codes, as real systems enrol students."""
    own = [taking.code for taking in enrolment.takings]
    return own + [code for subject in own for code in world.curriculum.assessment_codes(subject)]


def _enrolment(feed: Feed, world: World, enrolment: Enrolment) -> None:
    links = {
        "elev": [link(f"{ELEV}.elev", enrolment.student_number, "elevnummer")],
        "skole": [link(f"{PROGRAM}.skole", world.school.school_id, "skolenummer")],
        "kategori": [link(f"{KODEVERK}.elevkategori", enrolment.category)],
        "skolear": [link(f"{KODEVERK}.skolear", world.year.name[2:])],
    }

    def text(end: int, stopped: bool) -> str:
        more: dict[str, object] = {"avbruddsdato": midnight(end)} if stopped else {}
        return entry(
            f"{ELEV}.elevforhold",
            enrolment.enrolment_id,
            links,
            beskrivelse="",
            hovedskole=True,
            gyldighetsperiode=_period(enrolment.start, world.year_end if stopped else end),
            **more,
        )

    file = f"{ELEV}/elevforhold.json"
    if enrolment.end < world.year_end:
        feed.add(file, text(world.year_end, stopped=False), enrolment.known_from, enrolment.end_known_from)
        feed.add(file, text(enrolment.end, stopped=True), enrolment.end_known_from)
    else:
        feed.add(file, text(enrolment.end, stopped=False), enrolment.known_from)
    own = [link(f"{ELEV}.elevforhold", enrolment.enrolment_id)]
    area = {"elevforhold": own, "programomrade": [link(f"{PROGRAM}.programomrade", f"PO_{enrolment.area}")]}
    suffix = enrolment.enrolment_id[2:]
    feed.add(
        f"{PROGRAM}/programomrademedlemskap.json",
        entry(f"{PROGRAM}.programomrademedlemskap", f"POM{suffix}", area),
        enrolment.known_from,
    )
    school_class = {
        "elevforhold": own,
        "klasse": [link(f"{ELEV}.klasse", class_id(world, enrolment.class_name))],
    }
    feed.add(
        f"{ELEV}/klassemedlemskap.json",
        entry(f"{ELEV}.klassemedlemskap", f"KLM{suffix}", school_class),
        enrolment.known_from,
    )
    gathered = entry(f"{VURDERING}.elevfravar", f"EFR{suffix}", {"elevforhold": own})
    feed.add(f"{VURDERING}/elevfravar.json", gathered, enrolment.known_from)


def _memberships(feed: Feed, world: World, enrolment: Enrolment) -> None:
    own = f'"elevforhold":[{{"href":"${{{ELEV}.elevforhold}}/systemid/{enrolment.enrolment_id}"}}]'
    for taking in enrolment.takings:
        for code in (taking.code, *world.curriculum.assessment_codes(taking.code)):
            group = _subject_group(world, code)
            system_id = subject_membership(enrolment, code)
            rest = (
                f'"systemId":{{"identifikatorverdi":"{system_id}"}},"_links":{{{own},'
                f'"faggruppe":[{{"href":"${{{TIMEPLAN}.faggruppe}}/systemid/{group}"}}],'
                f'"fagstatus":[{{"href":"${{{KODEVERK}.fagstatus}}/systemid/{taking.status}"}}],'
                f'"self":[{{"href":"${{{TIMEPLAN}.faggruppemedlemskap}}/systemid/{system_id}"}}]}}}}'
            )
            _with_period(feed, world, f"{TIMEPLAN}/faggruppemedlemskap.json", taking, rest)
    for membership in enrolment.memberships:
        group_id = membership.group.group_id
        system_id = f"UGM{enrolment.enrolment_id[2:]}-{membership.start}-{group_id[2:]}"
        rest = (
            f'"systemId":{{"identifikatorverdi":"{system_id}"}},"_links":{{{own},'
            f'"undervisningsgruppe":[{{"href":"${{{TIMEPLAN}.undervisningsgruppe}}/systemid/{group_id}"}}],'
            f'"self":[{{"href":"${{{TIMEPLAN}.undervisningsgruppemedlemskap}}/systemid/{system_id}"}}]}}}}'
        )
        _with_period(feed, world, f"{TIMEPLAN}/undervisningsgruppemedlemskap.json", membership, rest)


def _with_period(feed: Feed, world: World, file: str, item: Taking | Membership, rest: str) -> None:
    """An end that came early was not yet known in earlier extracts."""

    def text(end: int) -> str:
        return f'{{"gyldighetsperiode":{{"slutt":"{midnight(end)}","start":"{midnight(item.start)}"}},{rest}'

    if item.end_known_from > item.known_from and item.end < world.year_end:
        feed.add(file, text(world.year_end), item.known_from, item.end_known_from)
        feed.add(file, text(item.end), item.end_known_from)
    else:
        feed.add(file, text(item.end), item.known_from)
