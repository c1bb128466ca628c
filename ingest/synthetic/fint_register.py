"""A school's lessons, absences, warnings and exams as FINT serves them."""

from __future__ import annotations

from ingest.synthetic.absence import BY_DATE, BY_LESSON, Absence, Absences
from ingest.synthetic.calendar import midnight, utc
from ingest.synthetic.exams import EXAM
from ingest.synthetic.feed import Feed
from ingest.synthetic.fint_common import ABSENCE_TYPES
from ingest.synthetic.fint_roster import post, subject_membership
from ingest.synthetic.hal import ELEV, KODEVERK, TIMEPLAN, VURDERING, entry, link
from ingest.synthetic.model import ALWAYS, Enrolment, World
from ingest.synthetic.schools import TIMETABLE_BY_REPORT

# A county's own links differ: these name the live address, in the letter case of the model.
_LIVE = "https://api.syntetia.example/utdanning"


def write_register(feed: Feed, world: World, absences: Absences) -> None:
    if world.school.part != TIMETABLE_BY_REPORT:
        _lessons(feed, world)
    for row in absences.rows:
        if row.stage != BY_LESSON:
            name, text = _by_date(row) if row.stage == BY_DATE else _by_period(row)
            feed.add(f"{VURDERING}/{name}.json", text, row.known_from, row.known_to)
    _warnings(feed, world, absences)
    _exams(feed, world)


def _lessons(feed: Feed, world: World) -> None:
    rows = feed.rows.setdefault(f"{TIMEPLAN}/time.json", [])
    group_links = {
        id(group): f'{{"href":"${{{TIMEPLAN}.undervisningsgruppe}}/systemid/{group.group_id}"}}'
        for group in world.groups
    }
    posts = [
        f'{{"href":"${{{ELEV}.undervisningsforhold}}/systemid/{post(world, number)}"}}'
        for number in range(len(world.teachers))
    ]
    itself = f'"self":[{{"href":"${{{TIMEPLAN}.time}}/systemid/'
    for lesson in world.lessons:
        if lesson.only_in_register:
            continue
        groups = ",".join([group_links[id(group)] for group in lesson.groups])
        start, end = utc(lesson.day, lesson.start), utc(lesson.day, lesson.end)
        text = (
            f'{{"navn":"{lesson.groups[0].subjects[0]}",'
            f'"systemId":{{"identifikatorverdi":"{lesson.lesson_id}"}},'
            f'"tidsrom":{{"slutt":"{end}","start":"{start}"}},'
            f'"_links":{{"undervisningsforhold":[{posts[lesson.groups[0].teacher]}],'
            f'"undervisningsgruppe":[{groups}],{itself}{lesson.lesson_id}"}}]}}}}'
        )
        rows.append((ALWAYS, lesson.removed_from, text))


def _absence_links(row: Absence) -> dict[str, list[str]]:
    return {
        "elevfravar": [link(f"{VURDERING}.elevfravar", f"EFR{row.enrolment.enrolment_id[2:]}")],
        "undervisningsgruppe": [link(f"{TIMEPLAN}.undervisningsgruppe", row.group.group_id)],
        "fravarstype": [link(f"{KODEVERK}.fravarstype", ABSENCE_TYPES[row.code])],
    }


def _by_date(row: Absence) -> tuple[str, str]:
    """Minutes on a date, in the student's subject where the group gives it one."""
    own = [code for code in row.group.subjects if code in row.enrolment.codes()]
    codes = [row.lesson.subject] if row.lesson.subject else own
    links = _absence_links(row)
    if len(codes) == 1:
        links |= {"fag": [link(f"{TIMEPLAN}.fag", f"FA_{codes[0]}")]}
    text = entry(
        f"{VURDERING}.aktivitetsfravar",
        row.absence_id,
        links,
        dato=midnight(row.lesson.day),
        minutter=row.minutes,
    )
    return "aktivitetsfravar", text


def _by_period(row: Absence) -> tuple[str, str]:
    lesson = row.lesson
    text = entry(
        f"{VURDERING}.fravarsregistrering",
        row.absence_id,
        _absence_links(row),
        foresPaVitnemal=row.code in ("X", "D"),
        periode={
            "slutt": utc(lesson.day, lesson.start + row.minutes),
            "start": utc(lesson.day, lesson.start),
        },
    )
    return "fravarsregistrering", text


def _warnings(feed: Feed, world: World, absences: Absences) -> None:
    for warning in absences.warnings:
        membership = subject_membership(warning.enrolment, warning.subject)
        links = {"faggruppemedlemskap": [link(f"{TIMEPLAN}.faggruppemedlemskap", membership)]}
        text = entry(
            f"{ELEV}.varsel",
            warning.warning_id,
            links,
            fravarsprosent=warning.percent,
            sendt=midnight(warning.sent_on),
            tekst=f"Varsel om fravær i {warning.subject}",
        )
        feed.add(f"{ELEV}/varsel.json", text, warning.sent_on + 1)


def _exams(feed: Feed, world: World) -> None:
    """Exams with their groups; the days of preparation stand in the report alone."""
    sitting: dict[tuple[int, int, int], list[Enrolment]] = {}
    for enrolment in world.enrolments:
        for period in enrolment.exams:
            if period.kind == EXAM:
                sitting.setdefault((period.start, enrolment.level, period.known_from), []).append(enrolment)
    school_link = f"{_LIVE}/utdanningsprogram/skole/skolenummer/{world.school.school_id}"
    for (day, level, known), students in sorted(sitting.items(), key=lambda item: item[0]):
        suffix = f"{world.school.school_id}-{day}-{level}"
        text = entry(
            f"{TIMEPLAN}.eksamen",
            f"EK{suffix}",
            {},
            navn=f"Eksamen Vg{level}",
            tidsrom={"slutt": utc(day, 14 * 60), "start": utc(day, 9 * 60)},
        )
        feed.add(f"{TIMEPLAN}/eksamen.json", text, known)
        code = students[0].takings[0].code
        links = {
            "eksamen": [f"{_LIVE}/timeplan/eksamen/systemId/EK{suffix}"],
            "fag": [f"{_LIVE}/timeplan/fag/systemId/FA_{code}"],
            "skole": [school_link],
            "skolear": [f"{_LIVE}/kodeverk/skolear/systemId/{world.year.name[2:]}"],
        }
        text = entry(f"{VURDERING}.eksamensgruppe", f"EG{suffix}", links, navn=code, beskrivelse=code)
        feed.add(f"{VURDERING}/eksamensgruppe.json", text, known)
        for enrolment in students:
            links = {
                "elevforhold": [f"{_LIVE}/elev/elevforhold/systemId/{enrolment.enrolment_id}"],
                "eksamensgruppe": [f"{_LIVE}/vurdering/eksamensgruppe/systemId/EG{suffix}"],
            }
            text = entry(
                f"{VURDERING}.eksamensgruppemedlemskap", f"EGM{suffix}-{enrolment.student_number}", links
            )
            feed.add(f"{VURDERING}/eksamensgruppemedlemskap.json", text, known)
