"""The parts of FINT's resources that reach landing; everything else is skipped while decoding."""

from __future__ import annotations

from msgspec import Struct, field


class Identifier(Struct, gc=False):
    value: str = field(name="identifikatorverdi")


class Period(Struct, gc=False):
    start: str | None = None
    end: str | None = field(name="slutt", default=None)


class Link(Struct, gc=False):
    href: str


class Resource(Struct, gc=False):
    """Every resource but person has a systemId."""

    system_id: Identifier = field(name="systemId")


class Code(Resource, gc=False):
    """A code list's entry (kodeverk)."""

    code: str | None = field(name="kode", default=None)
    name: str | None = field(name="navn", default=None)
    period: Period | None = field(name="gyldighetsperiode", default=None)


class SchoolLinks(Struct, gc=False):
    owner: list[Link] = field(name="skoleeierType", default_factory=list)
    owner_older: list[Link] = field(name="skoleeiertype", default_factory=list)
    organisation: list[Link] = field(name="organisasjon", default_factory=list)
    county: list[Link] = field(name="fylke", default_factory=list)
    municipality: list[Link] = field(name="kommune", default_factory=list)


class School(Resource, gc=False):
    name: str = field(name="navn")
    school_number: Identifier | None = field(name="skolenummer", default=None)
    organisation_number: Identifier | None = field(name="organisasjonsnummer", default=None)
    links: SchoolLinks = field(name="_links", default_factory=SchoolLinks)


class OrganisationLinks(Struct, gc=False):
    county: list[Link] = field(name="fylke", default_factory=list)
    municipality: list[Link] = field(name="kommune", default_factory=list)


class Organisation(Struct, gc=False):
    id: Identifier | None = field(name="organisasjonsId", default=None)
    code: Identifier | None = field(name="organisasjonsKode", default=None)
    number: Identifier | None = field(name="organisasjonsnummer", default=None)
    links: OrganisationLinks = field(name="_links", default_factory=OrganisationLinks)


class PersonName(Struct, gc=False):
    first: str | None = field(name="fornavn", default=None)
    middle: str | None = field(name="mellomnavn", default=None)
    last: str | None = field(name="etternavn", default=None)


class PersonLinks(Struct, gc=False):
    student: list[Link] = field(name="elev", default_factory=list)
    employee: list[Link] = field(name="personalressurs", default_factory=list)


class Person(Struct, gc=False):
    number: Identifier = field(name="fodselsnummer")
    name: PersonName | None = field(name="navn", default=None)
    links: PersonLinks = field(name="_links", default_factory=PersonLinks)


class PersonLink(Struct, gc=False):
    person: list[Link] = field(default_factory=list)


class Student(Resource, gc=False):
    username: Identifier | None = field(name="brukernavn", default=None)
    number: Identifier | None = field(name="elevnummer", default=None)
    feide_name: Identifier | None = field(name="feidenavn", default=None)
    links: PersonLink = field(name="_links", default_factory=PersonLink)


class Employee(Struct, gc=False):
    number: Identifier | None = field(name="ansattnummer", default=None)
    username: Identifier | None = field(name="brukernavn", default=None)
    system_id: Identifier | None = field(name="systemId", default=None)
    links: PersonLink = field(name="_links", default_factory=PersonLink)


class SchoolStaffLinks(Struct, gc=False):
    person: list[Link] = field(default_factory=list)
    employee: list[Link] = field(name="personalressurs", default_factory=list)
    school: list[Link] = field(name="skole", default_factory=list)


class SchoolStaff(Resource, gc=False):
    feide_name: Identifier | None = field(name="feidenavn", default=None)
    links: SchoolStaffLinks = field(name="_links", default_factory=SchoolStaffLinks)


class TeachingPostLinks(Struct, gc=False):
    staff: list[Link] = field(name="skoleressurs", default_factory=list)
    school: list[Link] = field(name="skole", default_factory=list)


class TeachingPost(Resource, gc=False):
    """Undervisningsforhold: one teacher's post at one school."""

    links: TeachingPostLinks = field(name="_links", default_factory=TeachingPostLinks)


class EnrolmentLinks(Struct, gc=False):
    student: list[Link] = field(name="elev", default_factory=list)
    school: list[Link] = field(name="skole", default_factory=list)
    category: list[Link] = field(name="kategori", default_factory=list)
    school_year: list[Link] = field(name="skolear", default_factory=list)
    school_class: list[Link] = field(name="klasse", default_factory=list)
    programme_area: list[Link] = field(name="programomrade", default_factory=list)
    teaching_group: list[Link] = field(name="undervisningsgruppe", default_factory=list)
    absences: list[Link] = field(name="fravarsregistreringer", default_factory=list)
    exam_group: list[Link] = field(name="eksamensgruppe", default_factory=list)


class Enrolment(Resource, gc=False):
    period: Period | None = field(name="gyldighetsperiode", default=None)
    ended_on: str | None = field(name="avbruddsdato", default=None)
    main_school: bool | None = field(name="hovedskole", default=None)
    links: EnrolmentLinks = field(name="_links", default_factory=EnrolmentLinks)


class GroupLinks(Struct, gc=False):
    """Links of the resources that are groups: classes, programme areas, subjects, teaching groups …"""

    level: list[Link] = field(name="trinn", default_factory=list)
    grep: list[Link] = field(name="grepreferanse", default_factory=list)
    vigo: list[Link] = field(name="vigoreferanse", default_factory=list)
    school: list[Link] = field(name="skole", default_factory=list)
    school_year: list[Link] = field(name="skolear", default_factory=list)
    subject: list[Link] = field(name="fag", default_factory=list)
    exam: list[Link] = field(name="eksamen", default_factory=list)
    enrolment: list[Link] = field(name="elevforhold", default_factory=list)
    own: list[Link] = field(name="self", default_factory=list)


class Group(Resource, gc=False):
    name: str = field(name="navn")
    description: str | None = field(name="beskrivelse", default=None)
    links: GroupLinks = field(name="_links", default_factory=GroupLinks)


class ExamGroup(Group, gc=False):
    exam_date: str | None = field(name="eksamensdato", default=None)


class Exam(Resource, gc=False):
    period: Period | None = field(name="tidsrom", default=None)


class MembershipLinks(Struct, gc=False):
    enrolment: list[Link] = field(name="elevforhold", default_factory=list)
    school_class: list[Link] = field(name="klasse", default_factory=list)
    programme_area: list[Link] = field(name="programomrade", default_factory=list)
    subject_group: list[Link] = field(name="faggruppe", default_factory=list)
    teaching_group: list[Link] = field(name="undervisningsgruppe", default_factory=list)
    exam_group: list[Link] = field(name="eksamensgruppe", default_factory=list)
    subject_status: list[Link] = field(name="fagstatus", default_factory=list)


class Membership(Resource, gc=False):
    period: Period | None = field(name="gyldighetsperiode", default=None)
    links: MembershipLinks = field(name="_links", default_factory=MembershipLinks)


class LessonLinks(Struct, gc=False):
    group: list[Link] = field(name="undervisningsgruppe", default_factory=list)
    post: list[Link] = field(name="undervisningsforhold", default_factory=list)


class Lesson(Resource, gc=False):
    period: Period = field(name="tidsrom")
    links: LessonLinks = field(name="_links", default_factory=LessonLinks)


class StudentAbsenceLinks(Struct, gc=False):
    enrolment: list[Link] = field(name="elevforhold", default_factory=list)


class StudentAbsence(Resource, gc=False):
    """Elevfravar: gathers one enrolment's registrations."""

    links: StudentAbsenceLinks = field(name="_links", default_factory=StudentAbsenceLinks)


class AbsenceLinks(Struct, gc=False):
    student_absence: list[Link] = field(name="elevfravar", default_factory=list)
    enrolment: list[Link] = field(name="elevforhold", default_factory=list)
    group: list[Link] = field(name="undervisningsgruppe", default_factory=list)
    subject: list[Link] = field(name="fag", default_factory=list)
    subject_group: list[Link] = field(name="faggruppe", default_factory=list)
    kind: list[Link] = field(name="fravarstype", default_factory=list)


class PeriodAbsence(Resource, gc=False):
    """Fravarsregistrering."""

    period: Period = field(name="periode")
    on_certificate: bool | None = field(name="foresPaVitnemal", default=None)
    links: AbsenceLinks = field(name="_links", default_factory=AbsenceLinks)


class ActivityAbsence(Resource, gc=False):
    """Aktivitetsfravar: minutes on a date."""

    day: str = field(name="dato")
    minutes: int = field(name="minutter")
    links: AbsenceLinks = field(name="_links", default_factory=AbsenceLinks)


class AbsenceTotal(Struct, gc=False):
    absence_hours: float = field(name="fravarstimer")
    teaching_hours: float = field(name="undervisningstimer")
    percent: float = field(name="prosent")


class AbsenceOverview(Resource, gc=False):
    half_year: AbsenceTotal | None = field(name="halvar", default=None)
    year: AbsenceTotal | None = field(name="skolear", default=None)
    links: AbsenceLinks = field(name="_links", default_factory=AbsenceLinks)


class WarningLinks(Struct, gc=False):
    membership: list[Link] = field(name="faggruppemedlemskap", default_factory=list)


class Warning(Resource, gc=False):
    sent: str = field(name="sendt")
    percent: float = field(name="fravarsprosent")
    links: WarningLinks = field(name="_links", default_factory=WarningLinks)
