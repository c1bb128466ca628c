"""The administration system's report exports: `;` between columns, Norwegian dates, local times."""

from __future__ import annotations

from ingest.synthetic.absence import BY_LESSON, Absence, Absences
from ingest.synthetic.calendar import HOLIDAY, SchoolYear, clock, common_holidays, day_text
from ingest.synthetic.events import exam_days
from ingest.synthetic.feed import Feed
from ingest.synthetic.model import ALWAYS, Lesson, World
from ingest.synthetic.schools import COUNTY_NUMBER, REGISTERS_NOTHING, TIMETABLE_BY_REPORT, School

REGISTER, TIMETABLE, ABSENCE = "timeregister.csv", "timeplan.csv", "fravaer.csv"
DECISION, CALENDAR, EXAM = "vedtak.csv", "skolerute.csv", "eksamen.csv"
POSITION = "skoleregister.csv"
HEADERS = {
    REGISTER: "Time-ID;Skolenr;Dato;Start;Slutt;Grupper;Status;Dekning;Erstatter time-ID;Fagkode;Årsak;"
    "Fagfordeling",
    TIMETABLE: "Time-ID;Skolenr;Dato;Start;Slutt;Grupper;Lærer-ID",
    ABSENCE: "Fraværs-ID;Elevforhold-ID;Gruppe-ID;Time-ID;Fagkode;Dato;Fra;Til;Minutter;Kode;På vitnemål",
    DECISION: "Vedtaks-ID;Elevforhold-ID;Fagkode;Type;Timer;Gyldig fra;Gyldig til;Vedtaksdato",
    CALENDAR: "Fylkenr;Skolenr;Dato;Type",
    EXAM: "Elevforhold-ID;Fra;Til;Type",
    POSITION: "Skolenr;Breddegrad;Lengdegrad",
}
# Exports differ within one system: one with a byte order mark, one in the older Windows encoding.
ENCODINGS = {REGISTER: "utf-8-sig", DECISION: "cp1252"}
PLANNED, EXAM_DAY = "planlagt", "eksamen"


def write_reports(feed: Feed, world: World, absences: Absences) -> None:
    if world.school.part != REGISTERS_NOTHING:
        for lesson in world.lessons:
            _register(feed, world, lesson)
    if world.school.part == TIMETABLE_BY_REPORT:
        _timetable(feed, world)
    for row in absences.rows:
        if row.stage == BY_LESSON:
            feed.add(ABSENCE, _absence(row), row.known_from, row.known_to)
    feed.add(POSITION, _position(world.school))
    _students(feed, world)
    _calendar(feed, world)


def common_calendar(feed: Feed, year: SchoolYear) -> None:
    """The days off that the county decides for every school."""
    for day in common_holidays(year.name):
        feed.add(CALENDAR, f"{COUNTY_NUMBER};*;{day_text(day)};{HOLIDAY}")


def _when(world: World, lesson: Lesson) -> str:
    groups = "|".join([group.group_id for group in lesson.groups])
    day, school_id = day_text(lesson.day), world.school.school_id
    return f"{lesson.lesson_id};{school_id};{day};{clock(lesson.start)};{clock(lesson.end)};{groups}"


def _register(feed: Feed, world: World, lesson: Lesson) -> None:
    shares = "|".join([f"{code}={minutes}" for code, minutes in lesson.shares])
    head = _when(world, lesson)
    known = (
        f"{head};{lesson.status};{lesson.cover};{lesson.replaces};{lesson.subject};{lesson.cause};{shares}"
    )
    if lesson.cancelled_ahead:
        feed.add(REGISTER, known, lesson.ahead_from)
        return
    if lesson.ahead_from < lesson.known_from:
        planned = f"{head};{PLANNED};;{lesson.replaces};{lesson.subject};;{shares}"
        feed.add(REGISTER, planned, lesson.ahead_from, lesson.known_from)
    feed.add(REGISTER, known, lesson.known_from)


def _timetable(feed: Feed, world: World) -> None:
    for lesson in world.lessons:
        if not lesson.only_in_register:
            teacher = world.teachers[lesson.groups[0].teacher].number
            feed.add(TIMETABLE, f"{_when(world, lesson)};{teacher}", ALWAYS, lesson.removed_from)


def _absence(row: Absence) -> str:
    """A whole lesson, minutes, or from and to: teachers use all three."""
    lesson = row.lesson
    form = row.minutes + lesson.day + lesson.start
    since = until = minutes = ""
    if row.minutes == lesson.minutes and form % 3 == 0:
        pass
    elif row.minutes <= lesson.minutes and form % 3 == 1:
        since, until = clock(lesson.start), clock(lesson.start + row.minutes)
    else:
        minutes = str(row.minutes)
    certificate = "Ja" if row.code in ("X", "D") else "Nei"
    return (
        f"{row.absence_id};{row.enrolment.enrolment_id};{row.group.group_id};{lesson.lesson_id};"
        f"{lesson.subject};{day_text(lesson.day)};{since};{until};{minutes};{row.code};{certificate}"
    )


def _position(school: School) -> str:
    return f"{school.school_id};{school.latitude:.4f};{school.longitude:.4f}".replace(".", ",")


def _students(feed: Feed, world: World) -> None:
    for enrolment in world.enrolments:
        for decision in enrolment.decisions:
            until = day_text(decision.valid_to) if decision.valid_to else ""
            text = (
                f"{decision.decision_id};{enrolment.enrolment_id};{decision.code};{decision.kind};{decision.hours};"
                f"{day_text(decision.valid_from)};{until};{day_text(decision.decided_on)}"
            )
            feed.add(DECISION, text, decision.decided_on + 1)
        for period in enrolment.exams:
            text = f"{enrolment.enrolment_id};{day_text(period.start)};{day_text(period.end)};{period.kind}"
            feed.add(EXAM, text, period.known_from)


def _calendar(feed: Feed, world: World) -> None:
    exams = set(exam_days(world.year)[1][:2])
    for day, kind in world.year.kinds.items():
        shown = EXAM_DAY if day in exams else kind
        feed.add(CALENDAR, f"{COUNTY_NUMBER};{world.school.school_id};{day_text(day)};{shown}")
